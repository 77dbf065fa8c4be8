using System.Diagnostics;
using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;

namespace StructCore.Edge.Telemetry;

/// <summary>An inspection as spans: one for the whole, a child per stage. They are made from its timings once its verdict is out, so that tracing takes no time of it.</summary>
internal static class InspectionTrace
{
    public const string SourceName = "StructCore.Edge";

    private static readonly ActivitySource Source = new(SourceName, ProgramVersion.Number);

    /// <summary>The stages that were reached, in order, in milliseconds.</summary>
    public static IEnumerable<(string Name, double Milliseconds)> Stages(StageTimings timings, TimeSpan publish) =>
        new[] { ("queue", timings.Queue), ("grab", timings.Grab), ("features", timings.Features), ("score", timings.Score), ("store", timings.Store), ("publish", publish.TotalMilliseconds) }
            .Where(s => s.Item2 > 0);

    public static void Record(InspectionRecord record, TimeSpan publish)
    {
        var (trigger, verdict) = (record.Trigger, record.Verdict);
        var stored = trigger.ReceivedAt.AddMilliseconds(verdict.Timings.Total);
        using var whole = Source.StartActivity("inspection", ActivityKind.Consumer, default(ActivityContext), startTime: trigger.ReceivedAt);
        if (whole is null)
        {
            return;
        }

        whole.SetTag("structcore.station", trigger.Station).SetTag("structcore.trigger_id", trigger.TriggerId.Trim('"')).SetTag("structcore.plc_epoch", trigger.PlcEpoch.Trim('"'))
            .SetTag("structcore.decision", verdict.Decision.ToString().ToLowerInvariant()).SetTag("structcore.reason", ReasonCode.Of(verdict.Reason))
            .SetTag("structcore.category", verdict.Category).SetTag("structcore.sequence", record.Sequence).SetTag("structcore.delivered", record.Delivered);
        if (verdict.Decision == Decision.Error)
        {
            whole.SetStatus(ActivityStatusCode.Error, verdict.Reason);
        }

        // Storing ends with the total, and publishing follows it; the others come one after the other.
        var next = trigger.ReceivedAt;
        foreach (var (name, milliseconds) in Stages(verdict.Timings, publish))
        {
            var start = name switch { "store" => stored.AddMilliseconds(-milliseconds), "publish" => stored, _ => next };
            next = start.AddMilliseconds(milliseconds);
            using var stage = Source.StartActivity(name, ActivityKind.Internal, whole.Context, startTime: start);
            stage?.SetEndTime(next.UtcDateTime);
        }

        whole.SetEndTime((stored + publish).UtcDateTime);
    }
}
