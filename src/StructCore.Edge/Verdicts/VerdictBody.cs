using System.Text.Json.Serialization;
using StructCore.Edge.Storage;

namespace StructCore.Edge.Verdicts;

/// <summary>Body of <c>verdict</c>.</summary>
internal record VerdictBody
{
    public VerdictBody(InspectionRecord record)
    {
        var (trigger, verdict) = (record.Trigger, record.Verdict);
        (PlcEpoch, TriggerId, PartId) = (trigger.PlcEpoch, trigger.TriggerId, trigger.PartId);
        (Verdict, Reason) = (verdict.Decision, verdict.Reason);
        (Score, Threshold, PValue, Category) = (verdict.Score, verdict.Threshold, verdict.PValue, verdict.Category);
        (RouteDistance, Bank) = (verdict.RouteDistance, verdict.Bank);
        (AgentEpoch, Seq, ExpiresAt) = (record.AgentEpoch, record.Sequence, trigger.Deadline);
        (CapturedAt, FrameAgeMs) = (record.CapturedAt, record.FrameAgeMs is { } age ? Math.Round(age, 2) : null);
        TimingsMs = TimingsBody.Of(verdict.Timings);
    }

    [JsonConverter(typeof(JsonTokenConverter))]
    public string PlcEpoch { get; }

    [JsonConverter(typeof(JsonTokenConverter))]
    public string TriggerId { get; }

    public string? PartId { get; }

    public Decision Verdict { get; }

    public string Reason { get; }

    public float? Score { get; }

    public float? Threshold { get; }

    public float? PValue { get; }

    public string? Category { get; }

    public float? RouteDistance { get; }

    public BankIdentity? Bank { get; }

    public DateTimeOffset? CapturedAt { get; }

    /// <summary>From the capture of the frame to the verdict.</summary>
    public double? FrameAgeMs { get; }

    /// <summary>Which agent of a share decided: epochs and record numbers are its own.</summary>
    public string? Instance { get; init; }

    public long AgentEpoch { get; }

    /// <summary>Number of the record in the store; 0 where the store failed and only the PLC could be told.</summary>
    public long Seq { get; }

    public DateTimeOffset ExpiresAt { get; }

    public TimingsBody TimingsMs { get; }
}
