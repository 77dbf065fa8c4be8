using StructCore.Vision.Imaging;

namespace StructCore.Vision.Features;

/// <summary>Seam: a frame to its patch features with a frozen backbone. Thread-safe; calls from several threads share the device.</summary>
public interface IFeatureExtractor : IDisposable
{
    /// <summary>The backbone behind it, as its sidecar describes it.</summary>
    BackboneManifest Backbone { get; }

    /// <summary>Preprocess (SPEC 1), backbone and fuse (SPEC 2, 3): [grid·grid, width].</summary>
    /// <param name="frame">Any size.</param>
    /// <param name="mode">How the frame becomes the backbone's input.</param>
    /// <param name="cancellationToken">Gives the work up as soon as the runtime allows, usually between two layers.</param>
    /// <returns>The features, which the caller disposes of.</returns>
    /// <exception cref="OperationCanceledException">Given up.</exception>
    PatchFeatures Extract(RgbImage frame, FrameMode mode, CancellationToken cancellationToken = default);
}
