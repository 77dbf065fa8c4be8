using StructCore.Vision.Scoring;

namespace StructCore.Benchmarks.Peers;

/// <summary>SPEC 7 and phi of SPEC 8; the peer upsamples and blurs with torch and measures with numpy. Ours takes one core.</summary>
internal sealed class MapWork : PeerWork
{
    private const int Grid = 28;
    private const int Side = 392;

    private readonly PatchScores _scores = new(Grid, Grid, [.. SyntheticFeatures.Of(1, Grid * Grid, 4).Select(v => v * v)]);

    public override string Name => "map";

    public override string Title => $"map, blur and descriptor, {Grid} x {Grid} to {Side} x {Side}";

    public override string Peer => "Map";

    public override double Aim => 0.1;

    public override IReadOnlyDictionary<string, int> Sizes => new Dictionary<string, int> { ["grid"] = Grid, ["side"] = Side };

    protected override double Tolerance => 1e-4;

    public override void Prepare(string folder) => Write(folder, "scores", _scores.Values);

    public override ReadOnlyMemory<float> Run()
    {
        var (maximum, phi) = MapStatistics.Of(_scores, Side);
        return new[] { maximum, phi.Dispersion, phi.Tail, phi.TotalVariation };
    }
}
