using StructCore.Tests.Imaging;
using StructCore.Vision.Calibration;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.Inference;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Tests.Inference;

/// <summary>Banks of striped images seen through the embedded backbone: each knows the upper part of one.</summary>
internal static class TestBanks
{
    /// <summary>Stripes as wide as the seed says, in noise.</summary>
    public static RgbImage Frame(int seed)
    {
        var noise = RandomImage.Of(200 + seed, 260, seed);
        return new RgbImage(noise.Height, noise.Width, [.. noise.Pixels.ToArray().Select((v, i) => (byte)((v / 4) + (i / (12 * seed) % 2 * 150)))]);
    }

    public static BankSet Of(IFeatureExtractor extractor, params (string Category, int Seed, int Rows)[] banks) =>
        BankSet.Create([.. banks.Select(b => Bank(extractor, b.Category, b.Seed, b.Rows))], extractor.Backbone);

    public static ProductBank Bank(IFeatureExtractor extractor, string category, int seed, int rows)
    {
        using var features = extractor.Extract(Frame(seed), FrameMode.FullFrame);
        var backbone = extractor.Backbone;
        var values = features.Values[..(rows * backbone.Width)].ToArray();
        var prototypes = values[..(Math.Min(rows, 7) * backbone.Width)];
        for (var row = 0; row < prototypes.Length; row += backbone.Width)
        {
            RoutingSpace.Normalise(prototypes.AsSpan(row, backbone.Width));
        }

        var manifest = new BankManifest
        {
            Category = category,
            Version = 1,
            Created = DateTimeOffset.UnixEpoch,
            Backbone = backbone.Name,
            BackboneSha256 = backbone.Sha256,
            Frame = FrameMode.FullFrame,
            CoresetRatio = 1,
            Neighbours = 5,
            MapSide = backbone.Crop,
            Rows = rows,
            Width = backbone.Width,
            TrainImages = 1,
            Calibration = new ScoreCalibration
            {
                Method = CalibrationMethod.KFold,
                Distance = DistanceForm.TwoSided,
                Mean = new(0, 0, 0),
                Deviation = new(1, 1, 1),
                Lambda = 0.5f,
                Quantile = 0.995,
                BaseThreshold = 1,
                StructuralThreshold = 1,
                Threshold = 1,
                Images = 20,
            },
        };
        return new ProductBank(manifest, new MemoryBank(backbone.Width, values, new int[rows]), new RoutingBank(category, backbone.Width, prototypes), category);
    }
}
