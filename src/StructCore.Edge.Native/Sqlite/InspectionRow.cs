using System.Globalization;
using Microsoft.Data.Sqlite;
using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;

namespace StructCore.Edge.Native.Sqlite;

/// <summary>Triggers and records to parameters, and rows back to them.</summary>
internal static class InspectionRow
{
    public const string TriggerColumns = "station, plc_epoch, trigger_id, part_id, recipe, camera, received_at, deadline";

    public const string RecordColumns = TriggerColumns + """
        , sequence, decision, reason, score, threshold, category, route_distance, bank_id, bank_version, bank_sha256,
        queue_ms, grab_ms, features_ms, score_ms, store_ms, total_ms, frame_id, captured_at, agent_epoch, decided_at, delivered, frame_age_ms, previous_hash, hash, p_value
        """;

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    public static DateTimeOffset Time(string text) => DateTimeOffset.ParseExact(text, "O", CultureInfo.InvariantCulture);

    public static void Bind(SqliteParameterCollection parameters, AcceptedTrigger trigger)
    {
        BindKey(parameters, trigger);
        Add(parameters, "$part_id", trigger.PartId);
        Add(parameters, "$recipe", trigger.Recipe);
        Add(parameters, "$camera", trigger.Camera);
        Add(parameters, "$received_at", Time(trigger.ReceivedAt));
        Add(parameters, "$deadline", Time(trigger.Deadline));
    }

    public static void BindKey(SqliteParameterCollection parameters, AcceptedTrigger trigger) => BindKey(parameters, trigger.Station, trigger.PlcEpoch, trigger.TriggerId);

    public static void BindKey(SqliteParameterCollection parameters, string station, string plcEpoch, string triggerId)
    {
        Add(parameters, "$station", station);
        Add(parameters, "$plc_epoch", plcEpoch);
        Add(parameters, "$trigger_id", triggerId);
    }

    public static void BindVerdict(SqliteParameterCollection parameters, InspectionRecord record)
    {
        var (verdict, timings) = (record.Verdict, record.Verdict.Timings);
        Add(parameters, "$decision", (long)verdict.Decision);
        Add(parameters, "$reason", verdict.Reason);
        Add(parameters, "$score", verdict.Score);
        Add(parameters, "$threshold", verdict.Threshold);
        Add(parameters, "$p_value", verdict.PValue);
        Add(parameters, "$category", verdict.Category);
        Add(parameters, "$route_distance", verdict.RouteDistance);
        Add(parameters, "$bank_id", verdict.Bank?.Id);
        Add(parameters, "$bank_version", verdict.Bank?.Version);
        Add(parameters, "$bank_sha256", verdict.Bank?.Sha256);
        Add(parameters, "$queue_ms", timings.Queue);
        Add(parameters, "$grab_ms", timings.Grab);
        Add(parameters, "$features_ms", timings.Features);
        Add(parameters, "$score_ms", timings.Score);
        Add(parameters, "$store_ms", timings.Store);
        Add(parameters, "$total_ms", timings.Total);
        Add(parameters, "$frame_id", record.FrameId);
        Add(parameters, "$captured_at", record.CapturedAt is { } captured ? Time(captured) : null);
        Add(parameters, "$frame_age_ms", record.FrameAgeMs);
        Add(parameters, "$agent_epoch", record.AgentEpoch);
        Add(parameters, "$decided_at", Time(record.DecidedAt));
        Add(parameters, "$sequence", record.Sequence);
        Add(parameters, "$previous_hash", record.PreviousHash);
        Add(parameters, "$hash", record.Hash);
    }

    public static AcceptedTrigger ReadTrigger(SqliteDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2), Text(row, 3), Text(row, 4), Text(row, 5), Time(row.GetString(6)), Time(row.GetString(7)));

    public static InspectionRecord ReadRecord(SqliteDataReader row)
    {
        var verdict = new Verdict(Decided(row.GetInt32(9)), row.GetString(10))
        {
            Score = Single(row, 11),
            Threshold = Single(row, 12),
            PValue = Single(row, 32),
            Category = Text(row, 13),
            RouteDistance = Single(row, 14),
            Bank = row.IsDBNull(15) ? null : new BankIdentity(row.GetString(15), row.GetInt32(16), row.GetString(17)),
            Timings = new StageTimings(row.GetDouble(18), row.GetDouble(19), row.GetDouble(20), row.GetDouble(21), row.GetDouble(22), row.GetDouble(23)),
        };
        return new InspectionRecord(
            ReadTrigger(row),
            verdict,
            Text(row, 24),
            row.IsDBNull(25) ? null : Time(row.GetString(25)),
            FrameAgeMs: row.IsDBNull(29) ? null : row.GetDouble(29),
            AgentEpoch: row.GetInt64(26),
            DecidedAt: Time(row.GetString(27)),
            Sequence: row.GetInt64(8),
            Delivered: row.GetBoolean(28),
            PreviousHash: row.GetString(30),
            Hash: row.GetString(31));
    }

    public static void Add(SqliteParameterCollection parameters, string name, object? value) => parameters.AddWithValue(name, value ?? DBNull.Value);

    private static Decision Decided(int stored) => Enum.IsDefined((Decision)stored) ? (Decision)stored : throw new FormatException($"decision {stored}");

    public static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static float? Single(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFloat(column);
}
