using StructCore.Edge.BankUpdates;
using StructCore.Edge.BankUpdates.Activation;
using StructCore.Edge.Verdicts;
using StructCore.Tests.Fakes;
using StructCore.Vision.Fitting;

namespace StructCore.Tests.BankUpdates.Activation;

public sealed class SwapGuardTests
{
    private readonly ProductBank _bank = new FakeExtractor().Bank("cap", FakeExtractor.Cap, 2);

    // By the quantile 0.995 and this shift 10.5 % of 50 parts: 5.
    private readonly UpdateOptions _options = new() { GuardInspections = 50, MaxRejectShift = 0.1, MaxSlowdown = 2 };

    [Fact]
    public void Add_AsManyRejectsAsAllowed_StaysAndCompletes()
    {
        var guard = Guard();
        for (var i = 0; i < 50; i++)
        {
            Assert.False(guard.Report.IsComplete);
            Add(guard, i < 5 ? Decision.Reject : Decision.Accept);
        }

        Assert.Equal(new GuardReport(50, 50, 5, 0, 5, 20, 20), guard.Report);
        Assert.True(guard.Report.IsComplete);
    }

    [Fact]
    public void Add_OneRejectMore_IsSwappedBackAtOnce()
    {
        var guard = Guard();
        for (var i = 0; i < 5; i++)
        {
            Add(guard, Decision.Reject);
            Add(guard, Decision.Accept);
        }

        var refusal = Assert.Throws<UpdateRefusedException>(() => Add(guard, Decision.Reject));
        Assert.Equal(UpdateRefusal.GuardShift, refusal.Refusal);
        Assert.StartsWith("bank 'cap-v2' rejected 6 of its first 11 parts, 0 of them by an ERROR; 5 of 50 are borne: 0.5 % by its calibration and 10.0 % by Updates:MaxRejectShift.", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(6, guard.Report.Rejects);
    }

    [Theory]
    [InlineData("score_not_finite: score NaN", false, true)]
    [InlineData("internal_error: ArgumentException, see the agent's log", true, true)]
    [InlineData("deadline_missed: no verdict in time", true, true)]
    [InlineData("deadline_missed: no verdict in time", false, false)]
    [InlineData("camera_timeout: no frame", false, false)]
    [InlineData("features_not_finite: the backbone gave a value that is no number", true, false)]
    [InlineData("unknown_product: nearest is 'cap'", true, true)]
    [InlineData("unknown_recipe: no bank for 'x'", true, false)]
    [InlineData("store_failed: the verdict could not be stored", true, false)]
    public void Add_Error_CountsWhereTheBankCausedIt(string reason, bool framed, bool counts)
    {
        var guard = Guard();
        var report = guard.Add(Verdict.Error(reason), framed);
        Assert.Equal(counts ? (1, 1, 1) : (0, 0, 0), (report.Inspections, report.Rejects, report.Errors));
    }

    [Fact]
    public void Add_VerdictOfAnotherBankOrCalibration_IsPassedOver()
    {
        var (guard, other) = (Guard(), new FakeExtractor().Bank("cap", FakeExtractor.Cap, 1));
        guard.Add(Of(other, Decision.Reject, 20), true);
        guard.Add(Of(_bank, Decision.Reject, 20) with { Threshold = 0.5f }, true);
        Assert.Equal(0, guard.Report.Inspections);
        Add(guard, Decision.Reject);
        Assert.Equal(1, guard.Report.Rejects);
    }

    [Theory]
    [InlineData(40, 20, true)]
    [InlineData(40.1, 20, false)]
    [InlineData(10, 0.1, true)]
    [InlineData(10.1, 0.1, false)]
    public void Add_MedianBesideTheOneBefore_MayBeSoManyTimesAsLong(double ms, double before, bool passes)
    {
        var guard = new SwapGuard(_bank, _options, before);
        for (var i = 0; i < 9; i++)
        {
            Add(guard, Decision.Accept, ms);
            Assert.Null(guard.Report.MedianMs);
        }

        var refusal = Record.Exception(() => Add(guard, Decision.Accept, ms)) as UpdateRefusedException;
        Assert.Equal(passes ? null : UpdateRefusal.GuardLatency, refusal?.Refusal);
        Assert.Equal(ms, guard.Report.MedianMs);
        Assert.Equal(!passes && before == 20, refusal?.Message.StartsWith("bank 'cap-v2' takes 40.1 ms for a part (features and score, median of 10), before it 20.0 ms; 2.0 times that is borne (Updates:MaxSlowdown).", StringComparison.Ordinal) ?? false);
    }

    [Fact]
    public void Add_FewSlowParts_DoNotCount()
    {
        var guard = Guard();
        for (var i = 0; i < 50; i++)
        {
            Add(guard, Decision.Accept, i % 3 == 0 ? 1000 : 20);
        }

        Assert.Equal(20, guard.Report.MedianMs);
    }

    [Fact]
    public void Add_NothingKnownOfBefore_IsNotJudgedByTime()
    {
        var guard = new SwapGuard(_bank, _options, null);
        for (var i = 0; i < 50; i++)
        {
            Add(guard, Decision.Accept, 10_000);
        }

        Assert.True(guard.Report.IsComplete);
    }

    [Fact]
    public void Median_OfManyParts_FollowsTheLast()
    {
        var times = new PassTimes();
        for (var i = 0; i < 1000; i++)
        {
            times.Add(i < 900 ? 1 : 7);
        }

        Assert.Equal(7, times.Median);
    }

    [Theory]
    [InlineData(0.29, 100, 29)]
    [InlineData(0.1, 30, 3)]
    [InlineData(0.1, 9, 0)]
    [InlineData(1.5, 10, 15)]
    public void Allowance_OfAShare_IsWholeParts(double share, int parts, int allowed) => Assert.Equal(allowed, RejectAllowance.Of(share, parts));

    private static Verdict Of(ProductBank bank, Decision decision, double ms) => new(decision, "threshold")
    {
        Score = 1,
        Threshold = bank.Calibration.Threshold,
        Category = "cap",
        Bank = new(bank.Manifest.Id, bank.Manifest.Version, bank.Sha256),
        Timings = new(1000, 1000, ms / 2, ms / 2, 1000, 5000),
    };

    private SwapGuard Guard() => new(_bank, _options, 20);

    private void Add(SwapGuard guard, Decision decision, double ms = 20) => Assert.Same(guard.Add(Of(_bank, decision, ms), true), guard.Report);
}
