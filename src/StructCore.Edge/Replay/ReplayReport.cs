using System.Text.Json.Serialization;
using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;

namespace StructCore.Edge.Replay;

/// <summary>What a replay found, ready to be written as JSON.</summary>
/// <param name="Message">One sentence for a person; where nothing could be compared, what to do.</param>
internal sealed record ReplayReport(ReplayOutcome Outcome, string Message)
{
    [JsonIgnore]
    public bool Agrees => Outcome is ReplayOutcome.Same or ReplayOutcome.WithinTolerance;

    public string? Station { get; init; }

    [JsonConverter(typeof(JsonTokenConverter))]
    public string? PlcEpoch { get; init; }

    [JsonConverter(typeof(JsonTokenConverter))]
    public string? TriggerId { get; init; }

    public long? Seq { get; init; }

    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>The category the trigger named; absent where the frame was routed.</summary>
    public string? Recipe { get; init; }

    /// <summary>The bank that decided.</summary>
    public BankIdentity? Bank { get; init; }

    /// <summary>Since when the calibration is on record that decided now; absent where it is the present one, and not on record.</summary>
    public DateTimeOffset? CalibrationSince { get; init; }

    /// <summary>The banks the frame was routed over now: the one that decided, and the station's present ones of the other categories.</summary>
    public IReadOnlyList<string>? RoutedOver { get; init; }

    /// <summary>The frame's file, relative to the evidence folder.</summary>
    public string? Frame { get; init; }

    public string? Backbone { get; init; }

    /// <summary>What ran the backbone now.</summary>
    public string? Provider { get; init; }

    public JudgedFrame? Stored { get; init; }

    public JudgedFrame? Replayed { get; init; }

    public static ReplayReport Of(InspectionRecord record) => new(ReplayOutcome.Different, "")
    {
        Station = record.Trigger.Station,
        PlcEpoch = record.Trigger.PlcEpoch,
        TriggerId = record.Trigger.TriggerId,
        Seq = record.Sequence,
        DecidedAt = record.DecidedAt,
        Recipe = record.Trigger.Recipe,
        Bank = record.Verdict.Bank,
        Stored = JudgedFrame.Of(record.Verdict),
    };
}
