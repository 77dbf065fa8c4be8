using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;

namespace StructCore.Tests.Telemetry;

/// <summary>Records as stations make them.</summary>
internal static class Records
{
    public static readonly DateTimeOffset Received = new(2026, 2, 3, 4, 5, 6, TimeSpan.Zero);

    /// <summary>80 ms, of which 42 ms in stages.</summary>
    public static InspectionRecord Accepted { get; } = Of(new Verdict(Decision.Accept, "within_threshold")
    {
        Score = 3,
        Threshold = 4,
        Category = "cap",
        Timings = new(Queue: 1, Grab: 2, Features: 30, Score: 4, Store: 5, Total: 80),
    });

    /// <summary>Its deadline came while it waited.</summary>
    public static InspectionRecord Failed { get; } = Of(Verdict.Error("deadline_missed: no verdict in time") with { Timings = new() { Queue = 5, Total = 6 } });

    private static InspectionRecord Of(Verdict verdict) =>
        new(new AcceptedTrigger("s", "7", "\"part 1\"", null, null, null, Received, Received.AddSeconds(2)), verdict, null, null, null, 1, Received.AddMilliseconds(80), Sequence: 4);
}
