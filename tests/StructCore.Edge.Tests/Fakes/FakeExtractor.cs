using StructCore.Vision.Calibration;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Tests.Fakes;

/// <summary>Features two wide that say what the first pixel says: product as direction, deviation as distance from its bank.</summary>
internal sealed class FakeExtractor : IFeatureExtractor
{
    public const byte Cap = 0;
    public const byte Nut = 1;

    /// <summary>Neither of them, and as far from both.</summary>
    public const byte Stranger = 2;

    /// <summary>A deviation that gives features which are no numbers.</summary>
    public const byte Broken = 255;

    private const int Grid = 28;
    private const int MapSide = 56;

    public BackboneManifest Backbone { get; } = new()
    {
        Name = "fake",
        Family = "resnet",
        Resize = 64,
        Crop = MapSide,
        Mean = [0, 0, 0],
        Std = [1, 1, 1],
        Layers = ["layer2"],
        Fuse = "mean3x3-concatenate",
        Grid = Grid,
        Width = 2,
        Sha256 = new string('a', 64),
    };

    /// <summary>Runs inside every extraction.</summary>
    public Action<RgbImage>? During { get; set; }

    /// <summary>Whether an extraction goes on until it is given up.</summary>
    public bool Endless { get; set; }

    public PatchFeatures Extract(RgbImage frame, FrameMode mode, CancellationToken cancellationToken = default)
    {
        var endless = Endless;
        During?.Invoke(frame);
        if (endless)
        {
            cancellationToken.WaitHandle.WaitOne();
            cancellationToken.ThrowIfCancellationRequested();
        }

        var (product, deviation) = (frame.Pixels[0], frame.Pixels[1]);
        var features = PatchFeatures.Rent(1, Grid, Grid, 2, out var rented)[0];
        var values = rented.Span;
        values.Clear();
        for (int i = product % Stranger; i < values.Length; i += product == Stranger ? 1 : 2)
        {
            values[i] = deviation == Broken ? float.NaN : 1 + (deviation / 10f);
        }

        return features;
    }

    /// <summary>A bank whose score is the squared deviation and whose threshold is 1.</summary>
    public ProductBank Bank(string category, byte product, int version = 1, FrameMode mode = FrameMode.FullFrame, float lambda = 0, string? backboneSha256 = null)
    {
        float[] row = product == Cap ? [1, 0] : [0, 1];
        var manifest = new BankManifest
        {
            Category = category,
            Version = version,
            Created = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
            Backbone = Backbone.Name,
            BackboneSha256 = backboneSha256 ?? Backbone.Sha256,
            Frame = mode,
            CoresetRatio = 1,
            Neighbours = 1,
            MapSide = MapSide,
            Rows = 1,
            Width = 2,
            TrainImages = 20,
            Calibration = new ScoreCalibration
            {
                Method = CalibrationMethod.KFold,
                Distance = DistanceForm.OneSided,
                Mean = new(0, 0, 0),
                Deviation = new(1, 1, 1),
                Lambda = lambda,
                Quantile = 0.995,
                BaseThreshold = 1,
                StructuralThreshold = 1,
                Threshold = 1,
                Images = 20,
            },
        };
        return new ProductBank(manifest, new MemoryBank(2, [.. row], [0]), new RoutingBank(category, 2, [.. row]), $"sha-{category}-{version}");
    }

    public void Dispose()
    {
    }
}
