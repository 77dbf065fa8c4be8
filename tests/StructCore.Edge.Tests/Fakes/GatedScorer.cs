using System.Collections.Concurrent;
using StructCore.Vision.Features;
using StructCore.Vision.Inference;

namespace StructCore.Tests.Fakes;

/// <summary>A scorer whose passes can be watched and held up; what it scores is the fake extractor's.</summary>
internal sealed class GatedScorer(int batch, TimeProvider time) : ImageScorer
{
    private readonly HostScorer _scorer = new(new FakeExtractor(), time);

    public override BackboneManifest Backbone => _scorer.Backbone;

    public override int Batch => batch;

    /// <summary>Runs inside every pass.</summary>
    public Action<IReadOnlyList<ImageToScore>, CancellationToken>? During { get; set; }

    /// <summary>The third byte of each image, by pass.</summary>
    public ConcurrentQueue<byte[]> Passes { get; } = [];

    public ConcurrentQueue<InspectedImage> Given { get; } = [];

    public override IReadOnlyList<InspectedImage> Score(IReadOnlyList<ImageToScore> images, CancellationToken cancellationToken = default)
    {
        Passes.Enqueue([.. images.Select(i => i.Frame.Pixels[2])]);
        During?.Invoke(images, cancellationToken);
        var inspected = _scorer.Score(images, cancellationToken);
        foreach (var image in inspected)
        {
            Given.Enqueue(image);
        }

        return inspected;
    }

    public override void Dispose() => _scorer.Dispose();
}
