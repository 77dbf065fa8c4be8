using System.Collections.Frozen;
using System.Numerics.Tensors;
using StructCore.Edge.Cameras;
using StructCore.Edge.Triggers;
using StructCore.Edge.Verdicts;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.Inference;

namespace StructCore.Edge.Inspection;

/// <summary>Trigger to frame to patch features to routed bank to scored image to outcome. What is decided is stored and published elsewhere.</summary>
internal sealed class InspectionPipeline(
    IReadOnlyDictionary<string, SharedCamera> cameras,
    string defaultCamera,
    SharedExtractor extractor,
    BankSet banks,
    StationLink link,
    Messages messages,
    TimeProvider time)
{
    private volatile BankSet _banks = banks;
    private volatile IReadOnlySet<string> _keepFeaturesOf = FrozenSet<string>.Empty;

    /// <summary>The banks of the next inspection; one that runs keeps those it began with.</summary>
    public BankSet Banks
    {
        get => _banks;
        set => _banks = value;
    }

    /// <summary>The categories whose outcomes carry their features; those of all others are let go at once.</summary>
    public IReadOnlySet<string> KeepFeaturesOf
    {
        get => _keepFeaturesOf;
        set => _keepFeaturesOf = value;
    }

    public bool Knows(string camera) => cameras.ContainsKey(camera);

    public async Task<Outcome> InspectAsync(PendingInspection pending)
    {
        var banks = Banks;
        var clock = new StageClock(time, pending.Age);

        var grab = await cameras[pending.Trigger.Camera ?? defaultCamera].GrabAsync(pending.Received, pending.Decided);
        clock.Grabbed();
        if (grab.Frame is not { } frame)
        {
            return Failed(clock, grab.Failure!);
        }

        pending.Frame = frame;
        KillPoint.Reach(KillStage.Grabbed);
        link.Post(messages.Acquired(pending.Trigger, frame.FrameId, frame.CapturedAt));

        var features = await extractor.ExtractAsync(frame.Image, banks.Mode, pending.Decided);
        clock.Extracted();
        KillPoint.Reach(KillStage.Extracted);
        if (!float.IsFinite(TensorPrimitives.Sum(features.Values)))
        {
            return Failed(clock, "features_not_finite: the backbone gave a value that is no number");
        }

        var route = StructCore.Vision.MemoryBanks.BankRouter.Route(features, banks.Routing);
        var category = pending.Trigger.Recipe ?? route.Category;
        if (!banks.TryGet(category, out var bank))
        {
            return Failed(clock, $"unknown_recipe: no bank for '{category}'");
        }

        var scored = bank.Score(features);
        clock.Scored();
        return new Outcome(Judge(bank, route.Distances[category], scored) with { Timings = clock.Timings }, scored, bank) { Features = KeepFeaturesOf.Contains(category) ? features : null };
    }

    /// <summary>Judges a blank frame by every bank, for nobody: what a first pass allocates and compiles must not cost a part its deadline.</summary>
    public async Task<Rehearsal> RehearseAsync(BankSet banks, CancellationToken cancellationToken)
    {
        var side = extractor.Backbone.Resize;
        var blank = new RgbImage(side, side, new byte[side * side * RgbImage.Channels]);
        var start = time.GetTimestamp();
        var features = await extractor.ExtractAsync(blank, banks.Mode, cancellationToken);
        var featuresMs = Milliseconds();
        var route = StructCore.Vision.MemoryBanks.BankRouter.Route(features, banks.Routing);
        return new(featuresMs, [.. banks.Banks.Select(Try)]);

        BankRehearsal Try(ProductBank bank)
        {
            start = time.GetTimestamp();
            var verdict = Judge(bank, route.Distances[bank.Manifest.Category], bank.Score(features));
            return new(bank.Manifest.Id, Milliseconds(), verdict.Decision == Decision.Error ? verdict.Reason : null);
        }

        double Milliseconds() => Math.Round(time.GetElapsedTime(start).TotalMilliseconds, 2);
    }

    /// <summary>The verdict on a scored image.</summary>
    public static Verdict Judge(ProductBank bank, float routeDistance, ScoredImage scored)
    {
        if (!float.IsFinite(scored.Score.Hybrid) || !float.IsFinite(bank.Calibration.Threshold))
        {
            return Verdict.Error($"score_not_finite: score {scored.Score.Hybrid}, threshold {bank.Calibration.Threshold}, bank '{bank.Manifest.Id}'");
        }

        return new Verdict(scored.Rejected ? Decision.Reject : Decision.Accept, scored.Rejected ? "above_threshold" : "within_threshold")
        {
            Score = scored.Score.Hybrid,
            Threshold = bank.Calibration.Threshold,
            Category = bank.Manifest.Category,
            RouteDistance = routeDistance,
            Bank = new BankIdentity(bank.Manifest.Id, bank.Manifest.Version, bank.Sha256),
        };
    }

    private static Outcome Failed(StageClock clock, string reason) => new(Verdict.Error(reason) with { Timings = clock.Timings });
}
