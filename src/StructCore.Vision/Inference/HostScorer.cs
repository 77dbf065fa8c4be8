using System.Numerics.Tensors;
using StructCore.Vision.Features;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Vision.Inference;

/// <summary>Scores on the processor: the backbone in its extractor, our own kernels for the rest.</summary>
/// <param name="extractor">Owned from now on.</param>
/// <param name="time">What the stages are timed by.</param>
public sealed class HostScorer(IFeatureExtractor extractor, TimeProvider time) : ImageScorer
{
    /// <inheritdoc/>
    public override BackboneManifest Backbone => extractor.Backbone;

    /// <summary>1: the cores are busy with one image, so that a batch would only make its first image wait for its last.</summary>
    public override int Batch => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<InspectedImage> Score(IReadOnlyList<ImageToScore> images, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfZero(images.Count, nameof(images));
        var inspected = new InspectedImage[images.Count];
        for (var i = 0; i < inspected.Length; i++)
        {
            inspected[i] = Inspect(images[i], cancellationToken);
        }

        return inspected;
    }

    /// <inheritdoc/>
    public override void Dispose() => extractor.Dispose();

    private InspectedImage Inspect(ImageToScore image, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var features = extractor.Extract(image.Frame, image.Banks.Mode, cancellationToken);
        try
        {
            var extracted = time.GetTimestamp();
            var route = BankRouter.Route(features, image.Banks.Routing);
            var routed = time.GetTimestamp();
            var bank = image.Banks.Choose(image.Recipe, route);
            var scored = bank.Score(features);
            var times = new StageTimes(time.GetElapsedTime(start, extracted), time.GetElapsedTime(extracted, routed), time.GetElapsedTime(routed));
            return new InspectedImage(route, bank, scored, times) { Features = image.KeepFeatures ? features.Share() : null }
                .Examine(float.IsFinite(TensorPrimitives.Sum(features.Values)), image.Recipe);
        }
        finally
        {
            features.Dispose();
        }
    }
}
