using Microsoft.Data.Sqlite;
using StructCore.Edge.Storage;

namespace StructCore.Edge.Native.Sqlite;

/// <summary>The store in one SQLite file with a write-ahead log: one connection writes, another reads beside it, a third brings the log into the file.</summary>
internal sealed partial class SqliteInspectionStore : IInspectionStore
{
    private const string KeyMatches = "station = $station AND plc_epoch = $plc_epoch AND trigger_id = $trigger_id";

    private readonly StoreFile _file;
    private readonly TimeProvider _time;
    private readonly Lock _writing = new();
    private readonly Lock _reading = new();
    private readonly Lock _checkpointing = new();
    private readonly StoreConnection _writer;
    private readonly StoreConnection _reader;
    private readonly StoreConnection _checkpointer;

    /// <summary>Opens or creates the store and brings it to the present schema.</summary>
    public SqliteInspectionStore(string path, TimeProvider time)
    {
        _file = new StoreFile(path);
        _time = time;
        (_writer, _reader, _checkpointer) = _file.Guard("opening", () =>
        {
            StoreMigration.Apply(_file, StoreSchema.Migrations);
            return Open(_file.Open);
        });
    }

    private SqliteInspectionStore(string path)
    {
        _file = new StoreFile(path);
        _time = TimeProvider.System;
        (_writer, _reader, _checkpointer) = _file.Guard("opening", () => Open(_file.OpenForReading));
    }

    /// <summary>One moment of a store that may be in use; every write fails.</summary>
    public static SqliteInspectionStore OpenForReading(string path)
    {
        var store = new SqliteInspectionStore(path);
        try
        {
            store.Freeze();
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>For tests that make the file fail.</summary>
    internal SqliteConnection Writer => _writer.Connection;

    public long NextAgentEpoch() => Write("starting an agent epoch", sql => (long)sql.Statement("UPDATE agent SET epoch = epoch + 1 RETURNING epoch").ExecuteScalar()!);

    public bool TryAccept(AcceptedTrigger trigger) => Write("accepting a trigger", sql =>
    {
        var insert = sql.Statement($"""
            INSERT INTO inspection ({InspectionRow.TriggerColumns})
            VALUES ($station, $plc_epoch, $trigger_id, $part_id, $recipe, $camera, $received_at, $deadline)
            ON CONFLICT (station, plc_epoch, trigger_id) DO NOTHING
            """);
        InspectionRow.Bind(insert.Parameters, trigger);
        return insert.ExecuteNonQuery() == 1;
    });

    public InspectionRecord? Find(string station, string plcEpoch, string triggerId) => Read("finding a verdict", sql =>
    {
        var select = sql.Statement($"SELECT {InspectionRow.RecordColumns} FROM inspection WHERE {KeyMatches} AND sequence IS NOT NULL");
        InspectionRow.BindKey(select.Parameters, station, plcEpoch, triggerId);
        return All(select, InspectionRow.ReadRecord).SingleOrDefault();
    });

    public IReadOnlyList<AcceptedTrigger> Unanswered() => Read("listing unanswered triggers", sql =>
        All(sql.Statement($"SELECT {InspectionRow.TriggerColumns} FROM inspection WHERE sequence IS NULL ORDER BY id"), InspectionRow.ReadTrigger));

    public InspectionRecord Complete(InspectionRecord record) => Write("storing a verdict", sql =>
    {
        record = Chained(sql, record);
        var update = sql.Statement($"""
            UPDATE inspection SET
                sequence = $sequence,
                decision = $decision, reason = $reason, score = $score, threshold = $threshold, category = $category, route_distance = $route_distance,
                bank_id = $bank_id, bank_version = $bank_version, bank_sha256 = $bank_sha256,
                queue_ms = $queue_ms, grab_ms = $grab_ms, features_ms = $features_ms, score_ms = $score_ms, store_ms = $store_ms, total_ms = $total_ms,
                frame_id = $frame_id, captured_at = $captured_at, frame_age_ms = $frame_age_ms, agent_epoch = $agent_epoch, decided_at = $decided_at,
                previous_hash = $previous_hash, hash = $hash, p_value = $p_value
            WHERE {KeyMatches}
            """);
        InspectionRow.BindKey(update.Parameters, record.Trigger);
        InspectionRow.BindVerdict(update.Parameters, record);
        update.ExecuteNonQuery();

        var head = sql.Statement("UPDATE agent SET last_sequence = $sequence, last_hash = $hash");
        InspectionRow.Add(head.Parameters, "$sequence", record.Sequence);
        InspectionRow.Add(head.Parameters, "$hash", record.Hash);
        head.ExecuteNonQuery();

        var outbox = sql.Statement("INSERT INTO outbox (sequence) VALUES ($sequence)");
        InspectionRow.Add(outbox.Parameters, "$sequence", record.Sequence);
        outbox.ExecuteNonQuery();
        return record;
    });

    public IReadOnlyList<InspectionRecord> Outbox(int limit, string? station = null) => Read("reading the outbox", sql =>
    {
        // A cross join keeps its order: from the few rows of the outbox to their records, never along all records.
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        var select = sql.Statement($"SELECT {InspectionRow.RecordColumns} FROM outbox CROSS JOIN inspection USING (sequence) WHERE $station IS NULL OR station = $station ORDER BY outbox.sequence LIMIT $limit");
        InspectionRow.Add(select.Parameters, "$limit", limit);
        InspectionRow.Add(select.Parameters, "$station", station);
        return All(select, InspectionRow.ReadRecord);
    });

    public long OutboxSize() => Read("counting the outbox", sql => (long)sql.Statement("SELECT count(*) FROM outbox").ExecuteScalar()!);

    public void MarkDelivered(IReadOnlyCollection<long> sequences) => Write("marking verdicts as delivered", sql =>
        ForEach(sql.Statement("UPDATE inspection SET delivered = 1 WHERE sequence = $key"), sequences, (sequence, changed) =>
        {
            if (changed == 0)
            {
                throw _file.Unmarkable(sequence);
            }
        }));

    public void Acknowledge(IReadOnlyCollection<long> sequences) => Write("taking records out of the outbox", sql =>
        ForEach(sql.Statement("DELETE FROM outbox WHERE sequence = $key"), sequences));

    public void Dispose()
    {
        lock (_checkpointing)
        {
            _checkpointer.Dispose();
        }

        lock (_reading)
        {
            _reader.Dispose();
        }

        lock (_writing)
        {
            _writer.Dispose();
        }
    }

    private static (StoreConnection Writer, StoreConnection Reader, StoreConnection Checkpointer) Open(Func<SqliteConnection> open)
    {
        var opened = new List<StoreConnection>();
        try
        {
            opened.Add(new(open()));
            opened.Add(new(open()));
            opened.Add(new(open()));
            return (opened[0], opened[1], opened[2]);
        }
        catch
        {
            opened.ForEach(o => o.Dispose());
            throw;
        }
    }

    // All reads within one transaction see what the first one saw.
    private void Freeze() => Read("opening", sql =>
    {
        var version = StoreMigration.Version(sql.Connection, _file, StoreSchema.Migrations.Count);
        if (version < StoreSchema.Migrations.Count)
        {
            throw new InspectionStoreException($"The inspection store '{_file.Path}' has schema version {version}, from a program before this one. Start the agent once: it brings the file to version {StoreSchema.Migrations.Count}.");
        }

        sql.Statement("BEGIN").ExecuteNonQuery();
        return sql.Statement("SELECT epoch FROM agent").ExecuteScalar();
    });

    /// <summary>The record as it follows the newest one: with the trigger as it was accepted, its number and its hashes.</summary>
    private InspectionRecord Chained(StoreConnection sql, InspectionRecord record)
    {
        var select = sql.Statement($"SELECT {InspectionRow.TriggerColumns}, last_sequence, last_hash FROM inspection, agent WHERE {KeyMatches} AND sequence IS NULL");
        InspectionRow.BindKey(select.Parameters, record.Trigger);
        using var row = select.ExecuteReader();
        if (!row.Read())
        {
            throw _file.Unanswerable(record.Trigger);
        }

        return LedgerHash.Chain(record with { Trigger = InspectionRow.ReadTrigger(row), Sequence = row.GetInt64(8) + 1, Delivered = false }, row.GetString(9));
    }

    /// <summary>Runs a statement for every <c>$key</c>.</summary>
    private static int ForEach(SqliteCommand statement, IReadOnlyCollection<long> keys, Action<long, int>? changed = null)
    {
        var key = statement.Parameters.Add("$key", SqliteType.Integer);
        foreach (var value in keys)
        {
            key.Value = value;
            var count = statement.ExecuteNonQuery();
            changed?.Invoke(value, count);
        }

        return keys.Count;
    }

    private static List<T> All<T>(SqliteCommand statement, Func<SqliteDataReader, T> read)
    {
        using var row = statement.ExecuteReader();
        List<T> all = [];
        while (row.Read())
        {
            all.Add(read(row));
        }

        return all;
    }

    /// <summary>One transaction; an exception rolls it back.</summary>
    private T Write<T>(string what, Func<StoreConnection, T> operation)
    {
        lock (_writing)
        {
            return _file.Guard(what, () => _writer.Write(operation));
        }
    }

    private T Read<T>(string what, Func<StoreConnection, T> operation)
    {
        lock (_reading)
        {
            return _file.Guard(what, () => operation(_reader));
        }
    }
}
