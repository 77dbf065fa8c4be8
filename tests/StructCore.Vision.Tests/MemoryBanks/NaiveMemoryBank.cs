using StructCore.Vision.MemoryBanks;

namespace StructCore.Tests.MemoryBanks;

/// <summary>The plain twins of the optimised routines: what SPEC 4 and 6 say, word by word.</summary>
internal static class NaiveMemoryBank
{
    public static int[] KCenterGreedy(ProxyRows proxies, int size, int[] among)
    {
        var mean = new double[Coreset.ProxyWidth];
        foreach (var row in among)
        {
            for (var d = 0; d < mean.Length; d++)
            {
                mean[d] += proxies[row][d] / (double)among.Length;
            }
        }

        var nearest = among.Select(row => proxies[row].ToArray().Select((v, d) => Math.Pow(v - mean[d], 2)).Sum()).ToArray();
        var chosen = new List<int>();
        while (chosen.Count < size)
        {
            var best = Array.IndexOf(nearest, nearest.Max());
            var centre = proxies[among[best]].ToArray();
            for (var i = 0; i < among.Length; i++)
            {
                var distance = SquaredDistance(proxies[among[i]], centre);
                nearest[i] = chosen.Count == 0 ? distance : Math.Min(nearest[i], distance);
            }

            chosen.Add(among[best]);
            foreach (var row in chosen)
            {
                nearest[Array.IndexOf(among, row)] = -1;
            }
        }

        return [.. chosen];
    }

    public static double Score(ReadOnlySpan<float> z, MemoryBank bank, int k, int ignoreImage)
    {
        var distances = new List<double>();
        for (var row = 0; row < bank.Rows; row++)
        {
            if (bank.Images[row] != ignoreImage)
            {
                distances.Add(SquaredDistance(z, bank.Row(row)));
            }
        }

        return distances.Order().Take(k).Average();
    }

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
