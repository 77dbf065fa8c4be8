using StructCore.Vision.ZeroShot;

namespace StructCore.Tests.ZeroShot;

/// <summary>SPEC 10 as it is written, in double precision, without blocks, tiles or heaps.</summary>
internal static class NaiveMusc
{
    /// <summary>Maps [images][patches] of a batch.</summary>
    public static double[][] Maps(IReadOnlyList<LayerTokens> batch, ScreeningOptions options)
    {
        var maps = batch.Select(tokens => new double[tokens.Layers[0].Rows]).ToArray();
        var parts = batch[0].Layers.Count * options.Degrees.Count;
        for (var layer = 0; layer < batch[0].Layers.Count; layer++)
        {
            foreach (var degree in options.Degrees)
            {
                var rows = batch.Select(tokens => Aggregate(tokens, layer, degree)).ToArray();
                for (var image = 0; image < batch.Count; image++)
                {
                    for (var patch = 0; patch < maps[image].Length; patch++)
                    {
                        maps[image][patch] += Score(rows, image, patch, options.Share) / parts;
                    }
                }
            }
        }

        return maps;
    }

    public static double[][] Aggregate(LayerTokens tokens, int layer, int degree)
    {
        var features = tokens.Layers[layer];
        var values = features.Values.ToArray().Select(v => (double)v).ToArray();
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)) + 1e-5);
        double At(int y, int x, int c) => y < 0 || x < 0 || y >= features.GridHeight || x >= features.GridWidth ? 0 : (values[(((y * features.GridWidth) + x) * features.Width) + c] - mean) / deviation;

        return [.. Enumerable.Range(0, features.Rows).Select(patch =>
        {
            var (y, x) = (patch / features.GridWidth, patch % features.GridWidth);
            var row = Enumerable.Range(0, features.Width).Select(c => Enumerable.Range(0, degree * degree).Sum(n => At(y + (n / degree) - (degree / 2), x + (n % degree) - (degree / 2), c)) / (degree * degree)).ToArray();
            var norm = Math.Max(Math.Sqrt(row.Sum(v => v * v)), 1e-12);
            return Array.ConvertAll(row, v => v / norm);
        })];
    }

    public static double[] Refine(IReadOnlyList<double> scores, IReadOnlyList<float[]> classTokens, IReadOnlyList<int> windows)
    {
        var (low, high) = (scores.Min(), scores.Max());
        var units = classTokens.Select(token => token.Select(v => v / Math.Sqrt(token.Sum(t => (double)t * t))).ToArray()).ToArray();
        return [.. scores.Select((_, image) => windows.Average(window =>
        {
            var alike = units.Select((unit, i) => (Weight: unit.Zip(units[image], (a, b) => a * b).Sum(), Image: i)).OrderByDescending(a => a.Weight).ThenBy(a => a.Image).Take(window).ToArray();
            return alike.Sum(a => a.Weight * (scores[a.Image] - low) / (high - low)) / alike.Sum(a => a.Weight);
        }))];
    }

    private static double Score(double[][][] rows, int image, int patch, double share)
    {
        var nearest = Enumerable.Range(0, rows.Length).Where(other => other != image).Select(other => rows[other].Min(row => Math.Sqrt(row.Zip(rows[image][patch], (a, b) => (a - b) * (a - b)).Sum()))).Order();
        return nearest.Take(Math.Max(1, (int)Math.Floor(share * (rows.Length - 1)))).Average();
    }
}
