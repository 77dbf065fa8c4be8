using StructCore.Vision.Imaging;

namespace StructCore.Vision.Features;

/// <summary>Seam: a frame to its patch features with a frozen backbone. Thread-safe; calls from several threads share the device.</summary>
public interface IFeatureExtractor : IDisposable
{
    /// <summary>The backbone behind it, as its sidecar describes it.</summary>
    BackboneManifest Backbone { get; }

    /// <summary>Preprocess (SPEC 1), backbone and fuse (SPEC 2, 3): [grid·grid, width].</summary>
    PatchFeatures Extract(RgbImage frame, FrameMode mode);
}
