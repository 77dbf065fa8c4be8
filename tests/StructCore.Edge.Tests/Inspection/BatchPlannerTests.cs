using StructCore.Edge.Inspection;
using StructCore.Tests.Fakes;
using StructCore.Vision.Imaging;
using StructCore.Vision.Inference;

namespace StructCore.Tests.Inspection;

public sealed class BatchPlannerTests
{
    private const int Size = 4;

    private readonly FakeTimeProvider _time = new();
    private readonly BankSet _banks;

    public BatchPlannerTests()
    {
        var extractor = new FakeExtractor();
        _banks = BankSet.Create([extractor.Bank("cap", FakeExtractor.Cap)], extractor.Backbone);
    }

    [Theory]
    [InlineData("- - - - - -", "0 1 2 3")]
    [InlineData("900 900", "0 1")]
    [InlineData("- - 260", "2")]
    [InlineData("- - 310", "0 1 2")]
    [InlineData("330 330 330 330 130", "0 1 2 3")]
    [InlineData("- 120", "1")]
    [InlineData("140 120", "0")]
    [InlineData("90 -", "0 1")]
    [InlineData("- 90 -", "0 1 2")]
    [InlineData("- - - - 130", "4")]
    [InlineData("- - - - 90", "0 1 2 3")]
    [InlineData("400 - - - 130", "4")]
    [InlineData("- - - 330 340", "4")]
    public void Next_DeadlinesInMs_TakesAsManyInOrderAsAreInTime(string due, string expected)
    {
        // With a quarter more for caution: 100, 200, 300, and 320 ms for a pass of four.
        var planner = Planner();
        planner.Learn(1, TimeSpan.FromMilliseconds(80));
        planner.Learn(4, TimeSpan.FromMilliseconds(256));
        var waiting = due.Split(' ').Select(d => Request(d == "-" ? null : int.Parse(d, System.Globalization.CultureInfo.InvariantCulture))).ToList();
        var (pass, wait) = planner.Next(waiting);

        Assert.Equal(expected, string.Join(' ', pass.Select(r => waiting.IndexOf(r))));
        Assert.Equal(TimeSpan.Zero, wait);
    }

    [Fact]
    public void Next_NothingKnownYet_TakesAll() => Assert.Equal(3, Planner().Next([Request(10), Request(10), Request(10)]).Pass.Count);

    [Theory]
    [InlineData(null, 30)]
    [InlineData(1000, 30)]
    [InlineData(220, 20)]
    [InlineData(150, 0)]
    public void Next_RoomForMore_WaitsAsLongAsNobodyIsLateForIt(int? due, int expected)
    {
        var planner = Planner(waitMs: 50);
        planner.Learn(1, TimeSpan.FromMilliseconds(80));
        var first = Request(due is { } d ? d + 20 : null);
        _time.Advance(TimeSpan.FromMilliseconds(20));

        Assert.Equal(expected, planner.Next([first]).Wait.TotalMilliseconds, 1e-3);
    }

    [Fact]
    public void Learn_OneSlowPass_IsForgottenInTime()
    {
        var planner = Planner();
        planner.Learn(1, TimeSpan.FromMilliseconds(10_000));
        Assert.Single(planner.Next([Request(15_000), Request(null)]).Pass);
        for (var i = 0; i < 20; i++)
        {
            planner.Learn(1, TimeSpan.FromMilliseconds(10));
        }

        Assert.Equal(2, planner.Next([Request(15_000), Request(null)]).Pass.Count);
    }

    private BatchPlanner Planner(int waitMs = 0) => new(Size, TimeSpan.FromMilliseconds(waitMs), _time);

    private ScoreRequest Request(int? dueMs)
    {
        var now = _time.GetTimestamp();
        var due = dueMs is { } ms ? now + TimeSpan.FromMilliseconds(ms).Ticks : long.MaxValue;
        return new(new ImageToScore(new RgbImage(1, 1, [0, 0, 0]), _banks), now, due, CancellationToken.None);
    }
}
