using StructCore.Vision.Features;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Benchmarks.Peers;

/// <summary>SPEC 6 for one image; the peer is FAISS' IndexFlatL2.</summary>
internal sealed class NearestNeighbourWork(int rows) : PeerWork
{
    private const int Grid = 28;
    private const int Width = 512;

    private NearestNeighbourSearch _search = null!;
    private PatchFeatures _features = null!;

    public override string Name => $"knn-{rows}";

    public override string Title => $"exact kNN, {Grid * Grid} x {Width} queries, k = {NearestNeighbourSearch.DefaultNeighbours}, N = {rows:N0}";

    public override string Peer => "NearestNeighbours";

    public override double Aim => 0.25;

    public override IReadOnlyDictionary<string, int> Sizes => new Dictionary<string, int> { ["width"] = Width, ["neighbours"] = NearestNeighbourSearch.DefaultNeighbours };

    protected override double Tolerance => 1e-3;

    public override void Prepare(string folder)
    {
        var (bank, queries) = (SyntheticFeatures.Of(rows, Width, 1), SyntheticFeatures.Of(Grid * Grid, Width, 2));
        Write<float>(folder, "bank", bank);
        Write<float>(folder, "queries", queries);
        _search = new NearestNeighbourSearch(new MemoryBank(Width, bank, new int[rows]));
        _features = new PatchFeatures(Grid, Grid, Width, queries);
    }

    public override ReadOnlyMemory<float> Run() => _search.Score(_features);
}
