using System.Numerics.Tensors;
using StructCore.Vision.Calibration;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.MemoryBanks;
using StructCore.Vision.Scoring;

namespace StructCore.Edge.Benchmarking;

/// <summary>Banks of any size: patches of the frames themselves, each moved a little, so that they lie where a fitted bank's rows would. Good for measuring, not for judging.</summary>
internal static class SyntheticBanks
{
    /// <summary>How far a row is moved, as a share of the features' own deviation.</summary>
    private const float Spread = 0.5f;

    /// <summary>One bank per category, <c>synthetic-001</c> and so on, of <paramref name="rows"/> rows each.</summary>
    public static IReadOnlyList<ProductBank> Create(BackboneManifest backbone, IReadOnlyList<PatchFeatures> features, int rows, int categories)
    {
        float[] patches = [.. features.SelectMany(f => f.Values.ToArray())];
        var mean = TensorPrimitives.Sum<float>(patches) / patches.Length;
        var deviation = MathF.Sqrt(MathF.Max(0, (TensorPrimitives.SumOfSquares<float>(patches) / patches.Length) - (mean * mean)));
        return [.. Enumerable.Range(1, categories).Select(i => Bank(backbone, patches, Spread * deviation, rows, i))];
    }

    private static ProductBank Bank(BackboneManifest backbone, float[] patches, float spread, int rows, int number)
    {
        var (width, count) = (backbone.Width, patches.Length / backbone.Width);
        var generator = new SplitMix64((ulong)number);
        var values = new float[rows * width];
        for (var row = 0; row < rows; row++)
        {
            var target = values.AsSpan(row * width, width);
            for (var i = 0; i < width; i++)
            {
                target[i] = (generator.Next() >> 40) / (float)(1 << 24);
            }

            // Uniform from -1 to 1, around patches taken evenly.
            TensorPrimitives.Multiply(target, 2 * spread, target);
            TensorPrimitives.Subtract(target, spread, target);
            TensorPrimitives.Add(target, patches.AsSpan((int)((long)row * count / rows) * width, width), target);
        }

        var category = $"synthetic-{number:D3}";
        var sample = values.AsSpan(0, Math.Min(rows, SphericalKMeans.DefaultPrototypes) * width).ToArray();
        return new ProductBank(Manifest(backbone, category, rows), new MemoryBank(width, values, new int[rows]), SphericalKMeans.Fit(category, sample, width), "");
    }

    private static BankManifest Manifest(BackboneManifest backbone, string category, int rows) => new()
    {
        Category = category,
        Version = 1,
        Created = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero),
        Backbone = backbone.Name,
        BackboneSha256 = backbone.Sha256,
        Frame = FrameMode.FullFrame,
        CoresetRatio = 1,
        Neighbours = NearestNeighbourSearch.DefaultNeighbours,
        MapSide = backbone.Crop,
        Rows = rows,
        Width = backbone.Width,
        TrainImages = 1,
        Calibration = new ScoreCalibration
        {
            Method = CalibrationMethod.Paper,
            Distance = DistanceForm.TwoSided,
            Mean = new StructuralDescriptor(0, 0, 0),
            Deviation = new StructuralDescriptor(1, 1, 1),
            Lambda = 1,
            Quantile = 1,
            BaseThreshold = 1,
            StructuralThreshold = 1,
            Threshold = 1,
            Images = 1,
        },
    };
}
