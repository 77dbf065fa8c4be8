using StructCore.Vision.Features;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Fitting;

/// <summary>An extractor without a network: a feature is the patch's mean colour and position, spread over the width. Reproducible and sensitive to what the image shows.</summary>
internal sealed class FakeExtractor : IFeatureExtractor
{
    public const int Grid = 4;

    public BackboneManifest Backbone { get; } = new()
    {
        Name = "fake",
        Family = "fake",
        Resize = 40,
        Crop = 32,
        Mean = [0, 0, 0],
        Std = [1, 1, 1],
        Layers = ["one"],
        Fuse = "none",
        Grid = Grid,
        Width = 6,
        Sha256 = new string('f', 64),
    };

    public bool GivesBrokenFeatures { get; init; }

    public PatchFeatures Extract(RgbImage frame, FrameMode mode, CancellationToken cancellationToken = default)
    {
        var values = new float[Grid * Grid * 6];
        for (var patch = 0; patch < Grid * Grid; patch++)
        {
            var pixel = ((patch / Grid * frame.Height / Grid * frame.Width) + (patch % Grid * frame.Width / Grid)) * RgbImage.Channels;
            for (var d = 0; d < 6; d++)
            {
                values[(patch * 6) + d] = (frame.Pixels[pixel + (d % 3)] / 64f) + (d > 2 ? patch : 0);
            }
        }

        values[0] = GivesBrokenFeatures ? float.NaN : values[0];
        return new PatchFeatures(Grid, Grid, 6, values);
    }

    public void Dispose()
    {
    }
}
