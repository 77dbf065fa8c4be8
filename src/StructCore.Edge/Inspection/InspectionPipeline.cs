using System.Collections.Frozen;
using StructCore.Edge.Cameras;
using StructCore.Edge.Triggers;
using StructCore.Edge.Verdicts;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.Inference;

namespace StructCore.Edge.Inspection;

/// <summary>Trigger to frame to image scored by its bank to outcome. What is decided is stored and published elsewhere.</summary>
internal sealed class InspectionPipeline(
    IReadOnlyDictionary<string, SharedCamera> cameras,
    string defaultCamera,
    SharedScorer scorer,
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
        var (banks, keep, recipe) = (Banks, KeepFeaturesOf, pending.Trigger.Recipe);
        var clock = new StageClock(time, pending.Age);

        var grab = await cameras[pending.Trigger.Camera ?? defaultCamera].GrabAsync(pending.Received, pending.Decided);
        clock.Grabbed();
        if (grab.Frame is not { } frame)
        {
            return Failed(clock, grab.Failure!);
        }

        // The deadline may let go of the pending's share at any moment from here on.
        using var image = frame.Image.Share();
        pending.Frame = frame;
        KillPoint.Reach(KillStage.Grabbed);
        link.Post(messages.Acquired(pending.Trigger, frame.FrameId, frame.CapturedAt));
        if (recipe is not null && !banks.TryGet(recipe, out _))
        {
            return Failed(clock, $"unknown_recipe: no bank for '{recipe}'");
        }

        var inspected = await scorer.ScoreAsync(new ImageToScore(image, banks, recipe, keep.Count > 0), pending.Undecided, pending.Decided);
        clock.Scored(inspected.Times);
        KillPoint.Reach(KillStage.Scored);
        using var features = inspected.Features;
        if (inspected.Failure is { } failure)
        {
            var failed = Failed(clock, failure);
            return inspected.IsUnknown ? failed with { Verdict = failed.Verdict with { RouteDistance = inspected.Route.Distances[inspected.Route.Category] }, Bank = inspected.Bank } : failed;
        }

        var bank = inspected.Bank;
        return new Outcome(Judge(bank, inspected.Route.Distances[bank.Manifest.Category], inspected.Scored) with { Timings = clock.Timings }, inspected.Scored, bank)
        {
            Features = keep.Contains(bank.Manifest.Category) ? features?.Share() : null,
        };
    }

    /// <summary>Judges a blank frame by every bank, for nobody: what a first pass allocates and compiles must not cost a part its deadline.</summary>
    public async Task<Rehearsal> RehearseAsync(BankSet banks, CancellationToken cancellationToken)
    {
        var side = scorer.Backbone.Resize;
        var blank = new RgbImage(side, side, new byte[side * side * RgbImage.Channels]);
        var rehearsed = new List<BankRehearsal>();
        var features = 0d;
        foreach (var category in banks.Categories)
        {
            var (route, bank, scored, times) = await scorer.ScoreAsync(new ImageToScore(blank, banks, category), left: null, cancellationToken);
            var verdict = Judge(bank, route.Distances[category], scored);
            features = Math.Max(features, times.Features.TotalMilliseconds);
            rehearsed.Add(new(bank.Manifest.Id, Math.Round(times.Scoring.TotalMilliseconds, 2), verdict.Decision == Decision.Error ? verdict.Reason : null));
        }

        return new(Math.Round(features, 2), rehearsed);
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
            PValue = (float?)scored.PValue,
            Category = bank.Manifest.Category,
            RouteDistance = routeDistance,
            Bank = new BankIdentity(bank.Manifest.Id, bank.Manifest.Version, bank.Sha256),
        };
    }

    private static Outcome Failed(StageClock clock, string reason) => new(Verdict.Error(reason) with { Timings = clock.Timings });
}
