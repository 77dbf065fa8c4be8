using StructCore.Edge.Simulation.Defects;
using StructCore.Edge.Simulation.Demo;
using StructCore.Edge.Simulation.Line;
using StructCore.Edge.Simulation.Products;

namespace StructCore.Edge.Tests.Simulation.Demo;

public sealed class ShiftLineTests
{
    private static readonly PlannedPart Good = new(3, ProductKind.Flange, 1, null, NamesRecipe: false, AsksReply: false);
    private static readonly PlannedPart Bad = Good with { Defect = DefectKind.BrokenEdge };
    private static readonly VerdictMessage Accept = new("ACCEPT", "within_threshold", 1, 2, "flange", 1, 1);
    private static readonly VerdictMessage Reject = new("REJECT", "above_threshold", 3, 2, "flange", 1, 1);
    private static readonly VerdictMessage Error = new("ERROR", "camera_failed", null, null, null, 1, 1);
    private static readonly TriggerBook Sound = new(true, 0, "run-0003.png", "ACCEPT");

    [Fact]
    public void Faults_SoundLine_HasNone()
    {
        Assert.Empty(Line(Good, Accept).Faults());
        Assert.Empty(Line(Bad, Reject, Sound with { RecordedDecision = "REJECT" }).Faults());
        Assert.Empty(Line(Good, Error, Sound with { RecordedDecision = "ERROR", FrameId = null }).Faults());
    }

    [Fact]
    public void Faults_NotExactlyOneVerdict_SaysWhichPart() =>
        Assert.Equal("part 3 did not get exactly one verdict (within_threshold)", Assert.Single(Line(Good, Accept, Sound with { HasOneVerdict = false }).Faults()));

    [Fact]
    public void Faults_AcceptWithoutScore_IsOne() =>
        Assert.Equal("part 3 was accepted without a score within its threshold", Assert.Single(Line(Good, Accept with { Score = null }).Faults()));

    [Fact]
    public void Faults_AcceptAboveThreshold_IsOne() => Assert.Single(Line(Good, Accept with { Score = 2.5 }).Faults());

    [Fact]
    public void Faults_AcceptOnARecordedError_IsOne() =>
        Assert.Equal("part 3 was accepted, its record says ERROR", Assert.Single(Line(Good, Accept, Sound with { RecordedDecision = "ERROR" }).Faults()));

    [Fact]
    public void Faults_FrameOfAnotherPart_IsOne() => Assert.Single(Line(Good, Accept, Sound with { FrameId = "run-0004.png" }).Faults());

    [Fact]
    public void Faults_ReplyThatDidNotCome_IsOne() => Assert.Single(Line(Good with { AsksReply = true }, Accept).Faults());

    [Fact]
    public void Kinds_EveryCombination_CountsOnce()
    {
        Assert.True(Line(Bad, Accept).IsMissed);
        Assert.True(Line(Good, Reject).IsFalseReject);
        Assert.True(Line(Good, Error).IsError);
        Assert.False(Line(Good, Error).IsFalseReject);
        Assert.True(Line(Bad, null).IsError);
    }

    [Fact]
    public void Table_Line_ShowsTruthVerdictAndRemark() => Assert.Equal(
        "0003  flange   broken edge      ACCEPT   flange       1.00       2.00    40 ms  missed",
        ShiftTable.Line(Line(Bad, Accept)));

    [Fact]
    public void Summary_MixedShift_CountsEachPartWhereItBelongs()
    {
        var lines = ShiftSummary.Lines([Line(Good, Accept), Line(Good, Reject), Line(Bad, Accept), Line(Bad, Reject), Line(Bad, Error)]).ToArray();

        Assert.Contains("good parts      1 of 2 accepted, 1 rejected without need", lines);
        Assert.Contains("defective parts 1 of 3 rejected, 1 missed", lines);
        Assert.Contains("errors          1, all of them kept out of the good bin", lines);
        Assert.Contains("routing         4 of 4 parts without a recipe found their product", lines);
        Assert.Contains("latency         median 40 ms, p99 40 ms, from the trigger to the PLC's decision", lines);
    }

    [Theory]
    [InlineData(0.5, 2)]
    [InlineData(0.99, 4)]
    [InlineData(0, 1)]
    public void Quantile_NearestRank_IsAValueThatOccurred(double quantile, double expected) =>
        Assert.Equal(expected, ShiftSummary.Quantile([1, 2, 3, 4], quantile));

    private static ShiftLine Line(PlannedPart part, VerdictMessage? verdict, TriggerBook? book = null) => new(
        part,
        new PartOutcome("3", "part-0003", verdict?.Decision == "ACCEPT", verdict?.Reason ?? "no verdict within 5000 ms", verdict, TimeSpan.FromMilliseconds(40)),
        book ?? Sound);
}
