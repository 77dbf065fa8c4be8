using System.Numerics.Tensors;
using StructCore.Benchmarks.Peers;
using StructCore.Vision.Features;
using StructCore.Vision.Imaging;

namespace StructCore.Benchmarks.Growth;

/// <summary>Features of real size without a backbone, another image's at every call: what is measured is all that comes after it.</summary>
internal sealed class SyntheticExtractor : IFeatureExtractor
{
    private const int Grid = 28;
    private const int Width = 512;
    private const int Variants = 16;
    private const float Blend = 0.3f;

    // Few images, blended in pairs: no two calls within 240 give the same, and a call costs next to nothing.
    private readonly float[][] _images = [.. Enumerable.Range(0, Variants).Select(i => SyntheticFeatures.Of(Grid * Grid, Width, i))];
    private int _calls;

    public BackboneManifest Backbone { get; } = new()
    {
        Name = "synthetic",
        Family = "synthetic",
        Resize = 448,
        Crop = 392,
        Mean = [0, 0, 0],
        Std = [1, 1, 1],
        Layers = ["one"],
        Fuse = "none",
        Grid = Grid,
        Width = Width,
        Sha256 = new string('0', 64),
    };

    public PatchFeatures Extract(RgbImage frame, FrameMode mode, CancellationToken cancellationToken = default)
    {
        var call = Interlocked.Increment(ref _calls);
        var (one, other) = (_images[call % Variants], _images[(call / Variants) % Variants]);
        var features = PatchFeatures.Rent(1, Grid, Grid, Width, out var values)[0];

        // Grows with every round, so that a thousand images differ too.
        TensorPrimitives.MultiplyAdd<float>(other, Blend + (0.01f * (call / (Variants * Variants))), one, values.Span);
        return features;
    }

    public void Dispose()
    {
    }
}
