using StructCore.Vision.Features;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Tests.MemoryBanks;

/// <summary>The plain twins of the optimised routines: what SPEC 4 to 6 say, word by word.</summary>
internal static class NaiveMemoryBank
{
    /// <summary>By the same float32 distance as the sampler, so that the lists must agree to the last tie.</summary>
    public static int[] KCenterGreedy(ProxyRows proxies, int size, int[] among)
    {
        var mean = new float[Coreset.ProxyWidth];
        for (var d = 0; d < mean.Length; d++)
        {
            mean[d] = (float)(among.Sum(row => (double)proxies[row][d]) / among.Length);
        }

        var nearest = Array.ConvertAll(among, row => StructCore.Vision.MemoryBanks.SquaredDistance.Of(proxies[row], mean));
        var chosen = new List<int>();
        while (chosen.Count < size)
        {
            var best = Array.IndexOf(nearest, nearest.Max());
            for (var i = 0; i < among.Length; i++)
            {
                var distance = StructCore.Vision.MemoryBanks.SquaredDistance.Of(proxies[among[i]], proxies[among[best]]);
                nearest[i] = chosen.Count == 0 ? distance : Math.Min(nearest[i], distance);
            }

            chosen.Add(best);
            chosen.ForEach(i => nearest[i] = -1);
        }

        return [.. chosen.Select(i => among[i])];
    }

    public static double Score(ReadOnlySpan<float> z, MemoryBank bank, int k, int ignoreImage)
    {
        var distances = new List<double>();
        for (var row = 0; row < bank.Rows; row++)
        {
            if (bank.Images[row] != ignoreImage)
            {
                distances.Add(SquaredDistance(z, bank.Row(row)) + bank.Floor(row));
            }
        }

        return distances.Order().Take(k).Average();
    }

    public static double Route(PatchFeatures features, RoutingBank bank) => Directions(features).Average(unit => Prototypes(bank).Min(p => SquaredDistance(unit, p)));

    /// <summary>cover(c): <see cref="Route"/> the other way round.</summary>
    public static double Cover(PatchFeatures features, RoutingBank bank)
    {
        var directions = Directions(features);
        return Prototypes(bank).Average(p => directions.Min(unit => SquaredDistance(unit, p)));
    }

    private static float[][] Directions(PatchFeatures features) => [.. Enumerable.Range(0, features.Rows).Select(patch =>
    {
        var row = features.Row(patch).ToArray();
        var norm = Math.Max(Math.Sqrt(row.Sum(v => (double)v * v)), 1e-12);
        return Array.ConvertAll(row, v => (float)(v / norm));
    })];

    private static float[][] Prototypes(RoutingBank bank) => [.. bank.Prototypes.ToArray().Chunk(bank.Width)];

    private static double SquaredDistance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0d;
        for (var d = 0; d < a.Length; d++)
        {
            var difference = (double)a[d] - b[d];
            sum += difference * difference;
        }

        return sum;
    }
}
