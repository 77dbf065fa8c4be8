using Microsoft.Extensions.Logging.Abstractions;
using NSubstitute;
using StructCore.Edge.Drift;
using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;
using StructCore.Tests.Fakes;
using StructCore.Vision.Fitting;

namespace StructCore.Tests.Drift;

public sealed class DriftWatchTests
{
    private readonly DriftOptions _options = new() { Window = 40, PartsPerFalseAlarm = 10_000 };
    private readonly List<string> _tested = [];
    private ProductBank? _active = WatchedParts.Bank();

    [Fact]
    public void Parts_LikeTheCalibrationImages_AreNoDrift()
    {
        var watch = Watch();
        Assert.Equal(DriftBody.Untested, watch.Of("cap"));
        Add(watch, 0, 39);
        Assert.Equal(DriftBody.Untested, watch.Of("cap"));
        Assert.Empty(_tested);
        Add(watch, 39, 61);

        Assert.True(watch.Of("cap") is { State: DriftState.None, Since: null, Parts: 40, Score.Above: > 0.4 and < 0.6, RouteDistance.Above: > 0.4 and < 0.6 });
        Assert.Equal(["cap", "cap", "cap", "cap", "cap", "cap", "cap"], _tested);
    }

    [Fact]
    public void Parts_ThatScoreHigher_AreSuspectedSinceTheFirstTestThatSaysSo()
    {
        var watch = Watch();
        Add(watch, 0, 40);
        Add(watch, 40, 80, above: 0.2f);
        var first = watch.Of("cap")!;
        Add(watch, 120, 30, above: 0.2f);
        var later = watch.Of("cap")!;

        Assert.Equal(DriftState.Suspected, first.State);
        Assert.InRange(first.Since!.Value, WatchedParts.Part(_active!, 49).DecidedAt, WatchedParts.Part(_active!, 79).DecidedAt);
        Assert.Equal(first.Since, later.Since);
        Assert.True(later is { Score.PValue: < 1e-6, RouteDistance.PValue: > 0.1 });
        Assert.Contains("of the last 40 accepted parts the score is above that of a calibration image in 100 % of all pairs", later.Describe(), StringComparison.Ordinal);

        Add(watch, 150, 80);
        Assert.True(watch.Of("cap") is { State: DriftState.None, Since: null });
    }

    [Fact]
    public void Records_OfAnythingElse_AreNotCounted()
    {
        var watch = Watch();
        var part = WatchedParts.Part(_active!, 1, 0.5f);
        InspectionRecord[] others =
        [
            part with { Trigger = part.Trigger with { Station = "plant/line/two" } },
            part with { Verdict = part.Verdict with { Decision = Decision.Reject } },
            part with { Verdict = part.Verdict with { Bank = part.Verdict.Bank! with { Sha256 = "another" } } },
            part with { Verdict = part.Verdict with { Threshold = 2 } },
            part with { Verdict = part.Verdict with { Category = "nut" } },
            part with { Verdict = Verdict.Error("deadline_missed: too slow") },
        ];
        for (var i = 0; i < 100; i++)
        {
            Array.ForEach(others, watch.Add);
        }

        Add(watch, 0, 40);
        Assert.True(watch.Of("cap") is { State: DriftState.None, Parts: 40, Score.Above: < 0.6 });
        Assert.Null(watch.Of("nut"));
    }

    [Fact]
    public void Bank_ThatGivesWay_BeginsAnew()
    {
        var watch = Watch();
        Add(watch, 0, 80, above: 0.2f);
        Assert.Equal(DriftState.Suspected, watch.Of("cap")!.State);
        _active = _active!.With(_active.Calibration with { });
        Assert.Equal(DriftState.Suspected, watch.Of("cap")!.State);
        _active = _active.With(_active.Calibration with { Threshold = 2 });
        Assert.Equal(DriftBody.Untested, watch.Of("cap"));
        _active = null;
        Assert.Null(watch.Of("cap"));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(40, false)]
    public void Category_ThatCannotBeWatched_HasNoDrift(int window, bool keepsScores)
    {
        _options.Window = window;
        _active = keepsScores ? _active : _active!.With(_active.Calibration with { Normal = null });
        var watch = Watch();
        Add(watch, 0, 80, above: 0.2f);

        Assert.Null(watch.Of("cap"));
        Assert.Empty(_tested);
    }

    [Fact]
    public void Resume_AfterARestart_KnowsWhatWasKnown()
    {
        using var store = new FakeStore();
        var before = Watch();
        for (var i = 0; i < 700; i++)
        {
            var part = WatchedParts.Part(_active!, i, i < 600 ? 0 : 0.2f);
            store.TryAccept(part.Trigger);
            before.Add(store.Complete(part));
        }

        var after = Watch();
        after.Resume(store);
        Assert.Equal(DriftState.Suspected, before.Of("cap")!.State);
        Assert.Equal(before.Of("cap"), after.Of("cap"));
    }

    [Fact]
    public void Resume_StoreThatCannotBeRead_GoesOn()
    {
        var store = Substitute.For<IInspectionStore>();
        store.Ledger().Returns(_ => throw new InspectionStoreException("disk gone"));
        var watch = Watch();
        watch.Resume(store);
        Add(watch, 0, 40);

        Assert.Equal(40, watch.Of("cap")!.Parts);
    }

    private DriftWatch Watch()
    {
        var watch = new DriftWatch(WatchedParts.Station, _options, category => category == "cap" ? _active : null, NullLogger<DriftWatch>.Instance);
        watch.Tested += _tested.Add;
        return watch;
    }

    private void Add(DriftWatch watch, int from, int count, float above = 0)
    {
        for (var i = from; i < from + count; i++)
        {
            watch.Add(WatchedParts.Part(WatchedParts.Bank(), i, above));
        }
    }
}
