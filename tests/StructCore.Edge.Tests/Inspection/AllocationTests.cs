using Microsoft.Extensions.Logging.Abstractions;
using StructCore.Edge;
using StructCore.Edge.Cameras;
using StructCore.Edge.Inspection;
using StructCore.Edge.Storage;
using StructCore.Edge.Triggers;
using StructCore.Edge.Verdicts;
using StructCore.Tests.Commands;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.Inference;
using StructCore.Vision.Scoring;

namespace StructCore.Tests.Inspection;

/// <summary>What whole inspections leave to the garbage collector: less than the largest single piece that is allowed, so that there can be no such piece.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
[Collection(nameof(AllocationTests))]
public sealed class AllocationTests : IClassFixture<FittedProducts>, IDisposable
{
    private const int Allowed = 64 * 1024;
    private const int Side = 1024;
    private const int Inspections = 40;

    private readonly FittedProducts _products;
    private readonly TemporaryFolder _frames = new();

    public AllocationTests(FittedProducts products)
    {
        _products = products;
        var pixels = new byte[Side * Side * RgbImage.Channels];
        new Random(3).NextBytes(pixels);
        File.WriteAllBytes(_frames["part.png"], FittedProducts.Codec.EncodePng(new RgbImage(Side, Side, pixels)));
    }

    public void Dispose() => _frames.Dispose();

    [Fact]
    public async Task Inspection_FromFileToOutcome_AllocatesNothingLarge()
    {
        var time = TimeProvider.System;
        var options = new CameraOptions { Id = "left", Kind = "folder", Source = _frames.Path, GrabTimeoutMs = 10_000 };
        var camera = new SharedCamera(new CameraFactory(AdapterSet.Current, time).Create(options), options, time, NullLogger<SharedCamera>.Instance);
        await using var loops = new LoopGroup();
        var works = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        camera.Changed += () => works.TrySetResult();
        loops.Start(camera.RunAsync);
        await works.Task;

        using var scorer = new HostScorer(OnnxFeatureExtractor.Open(SharedFiles.EmbeddedBackbone), time);
        var banks = BankSet.Create(BankFile.ReadNewest(_products.Banks, []), scorer.Backbone);
        var pipeline = new InspectionPipeline(
            new Dictionary<string, SharedCamera> { ["left"] = camera }, "left", new SharedScorer(scorer, new ModelOptions(), time), banks,
            new StationLink("s", time, NullLogger<StationLink>.Instance), new Messages(new StationTopics("s", "l", "one")), time);

        Assert.InRange(await AllocatedAsync(async () =>
        {
            var trigger = new AcceptedTrigger("s/l/one", "7", "1", null, "disc", null, time.GetUtcNow(), time.GetUtcNow());
            var pending = new PendingInspection(trigger, TimeSpan.FromMinutes(1), time, time.GetTimestamp());
            var outcome = await pipeline.InspectAsync(pending);
            Assert.NotEqual(Decision.Error, outcome.Verdict.Decision);
            pending.TryDecide(outcome);
            pending.Release();
        }), 1, Allowed);
    }

    [Fact]
    public async Task Evidence_OfARejectedPart_AllocatesNothingLarge()
    {
        var bank = BankFile.ReadNewest(_products.Banks, ["disc"])[0];
        using var extractor = OnnxFeatureExtractor.Open(SharedFiles.EmbeddedBackbone);
        using var frame = FittedProducts.Codec.Load(_frames["part.png"]);
        using var features = extractor.Extract(frame, FrameMode.FullFrame, TestContext.Current.CancellationToken);
        var scored = bank.Score(features);

        Assert.InRange(await AllocatedAsync(() =>
        {
            using var map = scored.DrawMap();
            using var overlay = Overlay.Render(frame, map, FrameMode.FullFrame, extractor.Backbone.Resize, extractor.Backbone.Crop, bank.Calibration.BaseThreshold);
            FittedProducts.Codec.EncodeJpeg(overlay, Stream.Null);
            FittedProducts.Codec.EncodePng(frame, Stream.Null);
            return Task.CompletedTask;
        }), 1, Allowed);
    }

    /// <summary>Bytes of the middle one of many runs: other threads, and a pool that is trimmed, may disturb some.</summary>
    private static async Task<long> AllocatedAsync(Func<Task> run)
    {
        for (var i = 0; i < 10; i++)
        {
            await run();
        }

        var allocated = new long[Inspections];
        for (var i = 0; i < Inspections; i++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await run();
            allocated[i] = GC.GetTotalAllocatedBytes(precise: true) - before;
        }

        return allocated.Order().ElementAt(Inspections / 2);
    }
}
