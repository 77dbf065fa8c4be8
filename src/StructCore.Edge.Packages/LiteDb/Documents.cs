using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LiteDB;
using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;

namespace StructCore.Edge.Packages.LiteDb;

/// <summary>Triggers and records to documents and back. A field that is null is absent; times are ticks of UTC, because BSON's dates end at milliseconds and come back as local time.</summary>
internal static class Documents
{
    /// <summary>The field by which a document is found that has no short key of its own.</summary>
    public const string Key = "key";

    public const string TriggerKey = "trigger_key";

    public static byte[] Hash(params ReadOnlySpan<string> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            text.Append(CultureInfo.InvariantCulture, $"{part.Length}:{part}");
        }

        return SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
    }

    public static byte[] KeyOf(AcceptedTrigger trigger) => Hash(trigger.Station, trigger.PlcEpoch, trigger.TriggerId);

    public static BsonDocument Of(AcceptedTrigger trigger) => new BsonDocument { [Key] = KeyOf(trigger) }
        .With("station", trigger.Station)
        .With("plc_epoch", trigger.PlcEpoch)
        .With("trigger_id", trigger.TriggerId)
        .With("part_id", trigger.PartId)
        .With("recipe", trigger.Recipe)
        .With("camera", trigger.Camera)
        .With("received_at", trigger.ReceivedAt)
        .With("deadline", trigger.Deadline);

    public static BsonDocument Of(InspectionRecord record)
    {
        var (verdict, timings) = (record.Verdict, record.Verdict.Timings);
        var document = Of(record.Trigger);
        document["_id"] = record.Sequence;
        document[TriggerKey] = Hash(record.Trigger.TriggerId);
        document["decision"] = (int)verdict.Decision;
        document["delivered"] = record.Delivered;
        document["agent_epoch"] = record.AgentEpoch;
        return document
            .With("reason", verdict.Reason)
            .With("score", verdict.Score)
            .With("threshold", verdict.Threshold)
            .With("p_value", verdict.PValue)
            .With("category", verdict.Category)
            .With("route_distance", verdict.RouteDistance)
            .With("bank", verdict.Bank)
            .With("queue_ms", timings.Queue)
            .With("grab_ms", timings.Grab)
            .With("features_ms", timings.Features)
            .With("score_ms", timings.Score)
            .With("store_ms", timings.Store)
            .With("total_ms", timings.Total)
            .With("frame_id", record.FrameId)
            .With("captured_at", record.CapturedAt)
            .With("frame_age_ms", record.FrameAgeMs)
            .With("decided_at", record.DecidedAt)
            .With("previous_hash", record.PreviousHash)
            .With("hash", record.Hash);
    }

    public static AcceptedTrigger Trigger(BsonDocument document) => new(
        document.Text("station")!,
        document.Text("plc_epoch")!,
        document.Text("trigger_id")!,
        document.Text("part_id"),
        document.Text("recipe"),
        document.Text("camera"),
        document.Time("received_at"),
        document.Time("deadline"));

    public static InspectionRecord Record(BsonDocument document)
    {
        var decision = (Decision)document["decision"].AsInt32;
        var verdict = new Verdict(Enum.IsDefined(decision) ? decision : throw new FormatException($"decision {decision}"), document.Text("reason")!)
        {
            Score = (float?)document.Number("score"),
            Threshold = (float?)document.Number("threshold"),
            PValue = (float?)document.Number("p_value"),
            Category = document.Text("category"),
            RouteDistance = (float?)document.Number("route_distance"),
            Bank = document.Bank("bank"),
            Timings = new StageTimings(
                document["queue_ms"].AsDouble, document["grab_ms"].AsDouble, document["features_ms"].AsDouble, document["score_ms"].AsDouble, document["store_ms"].AsDouble, document["total_ms"].AsDouble),
        };
        return new InspectionRecord(
            Trigger(document),
            verdict,
            document.Text("frame_id"),
            document["captured_at"].IsNull ? null : document.Time("captured_at"),
            document.Number("frame_age_ms"),
            document["agent_epoch"].AsInt64,
            document.Time("decided_at"),
            document["_id"].AsInt64,
            document["delivered"].AsBoolean,
            document.Text("previous_hash")!,
            document.Text("hash")!);
    }
}
