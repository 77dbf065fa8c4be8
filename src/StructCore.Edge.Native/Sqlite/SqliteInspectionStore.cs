using Microsoft.Data.Sqlite;
using StructCore.Edge.Storage;

namespace StructCore.Edge.Native.Sqlite;

/// <summary>The store in one SQLite file with a write-ahead log: one connection writes, another reads beside it.</summary>
internal sealed partial class SqliteInspectionStore : IInspectionStore
{
    private const string KeyMatches = "station = $station AND plc_epoch = $plc_epoch AND trigger_id = $trigger_id";

    private readonly StoreFile _file;
    private readonly TimeProvider _time;
    private readonly Lock _writing = new();
    private readonly Lock _reading = new();
    private readonly SqliteConnection _writer;
    private readonly SqliteConnection _reader;

    public SqliteInspectionStore(string path, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _file = new StoreFile(path);
        _time = time;
        (_writer, _reader) = _file.Guard("opening", () =>
        {
            _file.Migrate(StoreSchema.Migrations);
            var writer = _file.Open();
            try
            {
                return (writer, _file.Open());
            }
            catch
            {
                writer.Dispose();
                throw;
            }
        });
    }

    /// <summary>For tests that make the file fail.</summary>
    internal SqliteConnection Writer => _writer;

    public long NextAgentEpoch() => Write("starting an agent epoch", command =>
    {
        command.CommandText = "UPDATE agent SET epoch = epoch + 1 RETURNING epoch";
        return (long)command.ExecuteScalar()!;
    });

    public bool TryAccept(AcceptedTrigger trigger) => Write("accepting a trigger", command =>
    {
        command.CommandText = $"""
            INSERT INTO inspection ({InspectionRow.TriggerColumns})
            VALUES ($station, $plc_epoch, $trigger_id, $part_id, $recipe, $camera, $received_at, $deadline)
            ON CONFLICT (station, plc_epoch, trigger_id) DO NOTHING
            """;
        InspectionRow.Bind(command.Parameters, trigger);
        return command.ExecuteNonQuery() == 1;
    });

    public InspectionRecord? Find(string station, string plcEpoch, string triggerId) => Read("finding a verdict", command =>
    {
        command.CommandText = $"SELECT {InspectionRow.RecordColumns} FROM inspection WHERE {KeyMatches} AND sequence IS NOT NULL";
        InspectionRow.BindKey(command.Parameters, station, plcEpoch, triggerId);
        using var row = command.ExecuteReader();
        return row.Read() ? InspectionRow.ReadRecord(row) : null;
    });

    public IReadOnlyList<AcceptedTrigger> Unanswered() => Read("listing unanswered triggers", command =>
    {
        command.CommandText = $"SELECT {InspectionRow.TriggerColumns} FROM inspection WHERE sequence IS NULL ORDER BY id";
        return All(command, InspectionRow.ReadTrigger);
    });

    public InspectionRecord Complete(InspectionRecord record) => Write("storing a verdict", command =>
    {
        command.CommandText = $"""
            UPDATE inspection SET
                sequence = (SELECT last_sequence + 1 FROM agent),
                decision = $decision, reason = $reason, score = $score, threshold = $threshold, category = $category, route_distance = $route_distance,
                bank_id = $bank_id, bank_version = $bank_version, bank_sha256 = $bank_sha256,
                queue_ms = $queue_ms, grab_ms = $grab_ms, features_ms = $features_ms, score_ms = $score_ms, store_ms = $store_ms, total_ms = $total_ms,
                frame_id = $frame_id, captured_at = $captured_at, frame_age_ms = $frame_age_ms, agent_epoch = $agent_epoch, decided_at = $decided_at
            WHERE {KeyMatches} AND sequence IS NULL
            RETURNING sequence
            """;
        var (station, plcEpoch, triggerId) = (record.Trigger.Station, record.Trigger.PlcEpoch, record.Trigger.TriggerId);
        InspectionRow.BindKey(command.Parameters, station, plcEpoch, triggerId);
        InspectionRow.BindVerdict(command.Parameters, record);
        if (command.ExecuteScalar() is not long sequence)
        {
            throw new InspectionStoreException($"The verdict of trigger '{triggerId}' (PLC epoch {plcEpoch}, station '{station}') is not stored in '{_file.Path}': the trigger was never accepted or is answered already.");
        }

        command.Parameters.Clear();
        command.CommandText = "UPDATE agent SET last_sequence = $sequence; INSERT INTO outbox (sequence) VALUES ($sequence)";
        InspectionRow.Add(command.Parameters, "$sequence", sequence);
        command.ExecuteNonQuery();
        return record with { Sequence = sequence, Delivered = false };
    });

    public IReadOnlyList<InspectionRecord> Outbox(int limit, string? station = null) => Read("reading the outbox", command =>
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        command.CommandText = $"SELECT {InspectionRow.RecordColumns} FROM outbox JOIN inspection USING (sequence) WHERE $station IS NULL OR station = $station ORDER BY sequence LIMIT $limit";
        InspectionRow.Add(command.Parameters, "$limit", limit);
        InspectionRow.Add(command.Parameters, "$station", station);
        return All(command, InspectionRow.ReadRecord);
    });

    public long OutboxSize() => Read("counting the outbox", command =>
    {
        command.CommandText = "SELECT count(*) FROM outbox";
        return (long)command.ExecuteScalar()!;
    });

    public void MarkDelivered(IReadOnlyCollection<long> sequences) => Write("marking verdicts as delivered", command =>
        ForEach(command, "UPDATE inspection SET delivered = 1 WHERE sequence = $key", sequences, (sequence, changed) =>
        {
            if (changed == 0)
            {
                throw new InspectionStoreException($"The inspection store '{_file.Path}' has no record {sequence} to mark as delivered.");
            }
        }));

    public void Acknowledge(IReadOnlyCollection<long> sequences) => Write("taking records out of the outbox", command =>
        ForEach(command, "DELETE FROM outbox WHERE sequence = $key", sequences));

    public void SaveCalibration(StoredCalibration calibration) => Write("storing a calibration", command =>
    {
        command.CommandText = "INSERT INTO calibration (category, bank_version, bank_sha256, document, active_since) VALUES ($category, $bank_version, $bank_sha256, $document, $active_since)";
        InspectionRow.Add(command.Parameters, "$category", calibration.Category);
        InspectionRow.Add(command.Parameters, "$bank_version", calibration.BankVersion);
        InspectionRow.Add(command.Parameters, "$bank_sha256", calibration.BankSha256);
        InspectionRow.Add(command.Parameters, "$document", calibration.Document);
        InspectionRow.Add(command.Parameters, "$active_since", InspectionRow.Time(calibration.ActiveSince));
        return command.ExecuteNonQuery();
    });

    public IReadOnlyList<StoredCalibration> Calibrations(string category) => Read("listing calibrations", command =>
    {
        command.CommandText = "SELECT category, bank_version, bank_sha256, document, active_since FROM calibration WHERE category = $category ORDER BY id DESC";
        InspectionRow.Add(command.Parameters, "$category", category);
        return All(command, row => new StoredCalibration(row.GetString(0), row.GetInt32(1), row.GetString(2), row.GetString(3), InspectionRow.Time(row.GetString(4))));
    });

    /// <inheritdoc/>
    /// <remarks>Writes one row and waits for the disk.</remarks>
    public void Check() => Write("checking", command =>
    {
        // An open file that was deleted takes writes without complaint.
        if (!File.Exists(_file.Path))
        {
            throw new InspectionStoreException($"The inspection store '{_file.Path}' was deleted or its disk unmounted while in use. Bring it back and start again.");
        }

        command.CommandText = "UPDATE agent SET checked_at = $now";
        InspectionRow.Add(command.Parameters, "$now", InspectionRow.Time(_time.GetUtcNow()));
        return command.ExecuteNonQuery();
    });

    public void Dispose()
    {
        lock (_reading)
        {
            _reader.Dispose();
        }

        lock (_writing)
        {
            _writer.Dispose();
        }
    }

    /// <summary>Runs one statement for every <c>$key</c>.</summary>
    private static int ForEach(SqliteCommand command, string sql, IReadOnlyCollection<long> keys, Action<long, int>? changed = null)
    {
        command.CommandText = sql;
        var key = command.Parameters.Add("$key", SqliteType.Integer);
        foreach (var value in keys)
        {
            key.Value = value;
            var count = command.ExecuteNonQuery();
            changed?.Invoke(value, count);
        }

        return keys.Count;
    }

    private static List<T> All<T>(SqliteCommand command, Func<SqliteDataReader, T> read)
    {
        using var row = command.ExecuteReader();
        List<T> all = [];
        while (row.Read())
        {
            all.Add(read(row));
        }

        return all;
    }

    /// <summary>One transaction; an exception rolls it back.</summary>
    private T Write<T>(string what, Func<SqliteCommand, T> operation)
    {
        lock (_writing)
        {
            return _file.Guard(what, () =>
            {
                using var transaction = _writer.BeginTransaction();
                using var command = _writer.CreateCommand();
                command.Transaction = transaction;
                var result = operation(command);
                transaction.Commit();
                return result;
            });
        }
    }

    private T Read<T>(string what, Func<SqliteCommand, T> operation)
    {
        lock (_reading)
        {
            return _file.Guard(what, () =>
            {
                using var command = _reader.CreateCommand();
                return operation(command);
            });
        }
    }
}
