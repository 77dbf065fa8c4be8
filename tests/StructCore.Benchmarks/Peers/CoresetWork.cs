using StructCore.Vision.MemoryBanks;

namespace StructCore.Benchmarks.Peers;

/// <summary>SPEC 4 on the patches of 320 images; the peer is plain greedy, one pass over all rows per centre, so that a part of its centres takes that part of its time.</summary>
/// <remarks>The proxies are small whole numbers, so that every float32 distance is exact in whatever order it is summed and the two lists must be the same to the last tie.</remarks>
internal sealed class CoresetWork(int size, int peerSize) : PeerWork
{
    private const int Rows = 320 * 784;
    private const float Step = 4;

    private ProxyRows _proxies = null!;

    public override string Name => $"coreset-{size}";

    public override string Title => $"greedy coreset, {Rows:N0} x {Coreset.ProxyWidth} proxies, n = {size:N0}" + (peerSize < size ? $" (peer: {(double)size / peerSize:N0} x its first {peerSize:N0})" : "");

    public override string Peer => "GreedyCoreset";

    public override double Aim => 0.1;

    public override IReadOnlyDictionary<string, int> Sizes => new Dictionary<string, int> { ["width"] = Coreset.ProxyWidth, ["size"] = peerSize };

    public override double PeerShare => (double)peerSize / size;

    // The peer takes long, and far from the aim one round tells enough.
    public override int Rounds => 1;

    protected override double Tolerance => 0;

    public override void Prepare(string folder)
    {
        var values = SyntheticFeatures.Of(Rows, Coreset.ProxyWidth, 3);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = MathF.Round(Step * values[i]);
        }

        Write<float>(folder, "proxies", values);
        _proxies = ProxyRows.Of(values);
    }

    // The list for fewer rows is the beginning of that for more.
    public override string? Difference(ReadOnlySpan<float> ours, ReadOnlySpan<float> peer) => base.Difference(ours[..peerSize], peer);

    // Row indices below 2^24 are exact as float32.
    public override ReadOnlyMemory<float> Run() => Array.ConvertAll(KCenterGreedySampler.Sample(_proxies, size), i => (float)i);
}
