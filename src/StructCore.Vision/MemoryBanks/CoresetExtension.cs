using StructCore.Vision.Features;

namespace StructCore.Vision.MemoryBanks;

/// <summary>
/// Goes on with a greedy k-centre selection (SPEC 4) over the patches of one more image: farthest first, as long as one lies beyond the covering
/// radius, which is the proxy distance at which the last row of the coreset was chosen. No training patch lies farther from its bank.
/// </summary>
/// <remarks>Everything is computed from the bank itself: its rows are in the order they were chosen, and a proxy is a function of its row.</remarks>
internal sealed class CoresetExtension
{
    private readonly int _width;
    private readonly ProxyRows _centres;

    /// <param name="rows">A coreset, [N, width], in the order it was chosen.</param>
    /// <param name="width">Values per row.</param>
    public CoresetExtension(ReadOnlySpan<float> rows, int width)
    {
        (_width, _centres) = (width, Proxies(rows, width));
        var last = _centres.Count - 1;
        SquaredRadius = last == 0 ? 0 : Nearest(_centres[last], last);
    }

    /// <summary>Square of the covering radius, in proxy space; 0 for a bank of one row, which covers nothing but itself.</summary>
    public float SquaredRadius { get; }

    /// <summary>The patches that a coreset of the same radius would take, in the order it would take them; ties go to the lowest index.</summary>
    /// <param name="patches">Patches z, [P, width].</param>
    /// <returns>Indices of patches; empty where the bank covers all of them.</returns>
    public IReadOnlyList<int> Beyond(ReadOnlySpan<float> patches)
    {
        var proxies = Proxies(patches, _width);
        var distances = new float[proxies.Count];
        Parallel.For(0, distances.Length, ComputeThreads.Parallel, p => distances[p] = Nearest(proxies[p], _centres.Count));
        return FarthestFirst.Beyond(SquaredRadius, distances, (p, farthest) => SquaredDistance.Of(proxies[p], proxies[farthest]));
    }

    private static ProxyRows Proxies(ReadOnlySpan<float> rows, int width)
    {
        var proxies = new ProxyRows(rows.Length / width, width);
        proxies.Set(0, rows);
        return proxies;
    }

    private float Nearest(ReadOnlySpan<float> proxy, int centres)
    {
        var nearest = float.PositiveInfinity;
        for (var row = 0; row < centres; row++)
        {
            nearest = MathF.Min(nearest, SquaredDistance.Of(proxy, _centres[row]));
        }

        return nearest;
    }
}
