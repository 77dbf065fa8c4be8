namespace StructCore.Tests.Evaluation;

/// <summary>SPEC 9 word by word: every threshold looks at every sample again.</summary>
internal static class NaiveMetrics
{
    public static double Auroc(float[] good, float[] defective) =>
        good.Sum(g => defective.Sum(d => d > g ? 1 : d == g ? 0.5 : 0)) / ((double)good.Length * defective.Length);

    public static double AveragePrecision(float[] good, float[] defective)
    {
        var (sum, lastRecall) = (0.0, 0.0);
        foreach (var t in Thresholds(good, defective))
        {
            var (tp, fp) = (defective.Count(s => s >= t), good.Count(s => s >= t));
            var recall = (double)tp / defective.Length;
            sum += (recall - lastRecall) * tp / (tp + fp);
            lastRecall = recall;
        }

        return sum;
    }

    public static double F1Max(float[] good, float[] defective) => Thresholds(good, defective).Max(t =>
    {
        var (tp, fp, fn) = (defective.Count(s => s >= t), good.Count(s => s >= t), defective.Count(s => s < t));
        return 2.0 * tp / ((2 * tp) + fp + fn);
    });

    /// <param name="maps">[height·width] per image.</param>
    /// <param name="regions">Per image and pixel the number of its region, unique over all images; 0 is good.</param>
    /// <param name="limit">False positive rate the integral ends at.</param>
    public static double Aupro(float[][] maps, int[][] regions, double limit)
    {
        var pixels = maps.SelectMany((map, i) => map.Select((score, p) => (Score: score, Region: regions[i][p]))).ToArray();
        var good = pixels.Where(p => p.Region == 0).Select(p => p.Score).ToArray();
        var byRegion = pixels.Where(p => p.Region != 0).GroupBy(p => p.Region, p => p.Score).Select(g => g.ToArray()).ToArray();
        List<(double Rate, double Overlap)> curve = [(0, 0)];
        curve.AddRange(Thresholds(good, [.. byRegion.SelectMany(r => r)])
            .Select(t => ((double)good.Count(s => s >= t) / good.Length, byRegion.Average(r => (double)r.Count(s => s >= t) / r.Length))));
        var area = 0.0;
        for (var i = 1; i < curve.Count && curve[i - 1].Rate < limit; i++)
        {
            var ((x0, y0), (x1, y1)) = (curve[i - 1], curve[i]);
            var end = Math.Min(x1, limit);
            var endOverlap = x1 > limit ? y0 + ((y1 - y0) * (limit - x0) / (x1 - x0)) : y1;
            area += (end - x0) * (y0 + endOverlap) / 2;
        }

        return area / limit;
    }

    /// <summary>Region numbers by repeated spreading of the smallest number among the eight neighbours.</summary>
    public static int[] Regions(byte[] mask, int width, int first)
    {
        var height = mask.Length / width;
        var regions = mask.Select((m, i) => m == 0 ? 0 : first + i).ToArray();
        for (var changed = true; changed;)
        {
            changed = false;
            for (var i = 0; i < mask.Length; i++)
            {
                var least = regions[i] == 0 ? 0 : Neighbours(i).Select(n => regions[n]).Where(r => r != 0).Min();
                changed |= least != regions[i];
                regions[i] = least;
            }
        }

        return regions;

        IEnumerable<int> Neighbours(int i) =>
            from dy in new[] { -1, 0, 1 }
            from dx in new[] { -1, 0, 1 }
            let y = (i / width) + dy
            let x = (i % width) + dx
            where y >= 0 && y < height && x >= 0 && x < width
            select (y * width) + x;
    }

    private static IEnumerable<float> Thresholds(float[] good, float[] defective) => good.Concat(defective).Distinct().OrderDescending();
}
