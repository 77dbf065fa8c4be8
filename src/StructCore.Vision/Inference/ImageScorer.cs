using StructCore.Vision.Features;

namespace StructCore.Vision.Inference;

/// <summary>The whole way from frames to scored images (SPEC 1 to 8), on one device. Owner of the backbone.</summary>
/// <remarks>One caller at a time: a pass has the whole device.</remarks>
public abstract class ImageScorer : IDisposable
{
    /// <summary>The backbone behind it, as its sidecar describes it.</summary>
    public abstract BackboneManifest Backbone { get; }

    /// <summary>Most images that are worth one pass, 1 or more: each costs less than it would alone.</summary>
    public abstract int Batch { get; }

    /// <summary>Scores images together; sets of banks, recipes and sizes may differ among them.</summary>
    /// <param name="images">1 or more; more than <see cref="Batch"/> take several passes.</param>
    /// <param name="cancellationToken">Gives the work on all of them up as soon as the runtime allows.</param>
    /// <returns>One result per image, in order. An image whose features are no numbers has a failure and does not touch the others.</returns>
    /// <exception cref="ArgumentException">No image, a recipe without a bank, or a bank of another width than the backbone.</exception>
    /// <exception cref="OperationCanceledException">Given up.</exception>
    public abstract IReadOnlyList<InspectedImage> Score(IReadOnlyList<ImageToScore> images, CancellationToken cancellationToken = default);

    /// <summary>Scores one image.</summary>
    /// <exception cref="ArgumentException">A recipe without a bank, or a bank of another width than the backbone.</exception>
    /// <exception cref="OperationCanceledException">Given up.</exception>
    public InspectedImage Score(ImageToScore image, CancellationToken cancellationToken = default) => Score([image], cancellationToken)[0];

    /// <summary>Frees the device and the backbone.</summary>
    public abstract void Dispose();
}
