using StructCore.Edge.Storage;

namespace StructCore.Edge.Native.Sqlite;

/// <summary>The migrations of the store, in order: entry n brings a file from <c>user_version</c> n to n + 1. Entries that were shipped never change.</summary>
internal static class StoreSchema
{
    /// <summary>Marks a file as ours ("SCEd").</summary>
    public const int ApplicationId = 0x53434564;

    public static IReadOnlyList<string> Migrations { get; } = [Version1, Version2, Version3];

    // One row per accepted trigger; it is answered once it has a sequence number. Times are ISO 8601 UTC with seven digits.
    private const string Version1 = """
        CREATE TABLE agent (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            epoch INTEGER NOT NULL,
            last_sequence INTEGER NOT NULL,
            checked_at TEXT) STRICT;
        INSERT INTO agent (id, epoch, last_sequence) VALUES (1, 0, 0);

        CREATE TABLE inspection (
            id INTEGER PRIMARY KEY,
            station TEXT NOT NULL, plc_epoch TEXT NOT NULL, trigger_id TEXT NOT NULL,
            part_id TEXT, recipe TEXT, camera TEXT, received_at TEXT NOT NULL, deadline TEXT NOT NULL,
            sequence INTEGER UNIQUE,
            decision INTEGER CHECK (decision BETWEEN 1 AND 3), reason TEXT,
            score REAL, threshold REAL, category TEXT, route_distance REAL,
            bank_id TEXT, bank_version INTEGER, bank_sha256 TEXT,
            queue_ms REAL, grab_ms REAL, features_ms REAL, score_ms REAL, store_ms REAL, total_ms REAL,
            frame_id TEXT, captured_at TEXT, agent_epoch INTEGER, decided_at TEXT,
            delivered INTEGER NOT NULL DEFAULT 0 CHECK (delivered IN (0, 1)),
            UNIQUE (station, plc_epoch, trigger_id),
            CHECK ((sequence IS NULL) = (decision IS NULL))) STRICT;
        CREATE INDEX unanswered ON inspection (id) WHERE sequence IS NULL;

        CREATE TABLE outbox (sequence INTEGER PRIMARY KEY REFERENCES inspection (sequence)) STRICT;

        CREATE TABLE calibration (
            id INTEGER PRIMARY KEY,
            category TEXT NOT NULL, bank_version INTEGER NOT NULL, bank_sha256 TEXT NOT NULL,
            document TEXT NOT NULL, active_since TEXT NOT NULL) STRICT;
        CREATE INDEX calibration_by_category ON calibration (category, id);
        """;

    // The ledger begins behind the records that were written before it.
    private const string Version2 = $"""
        ALTER TABLE inspection ADD COLUMN frame_age_ms REAL;
        ALTER TABLE inspection ADD COLUMN previous_hash TEXT NOT NULL DEFAULT '';
        ALTER TABLE inspection ADD COLUMN hash TEXT NOT NULL DEFAULT '';
        CREATE INDEX inspection_by_trigger ON inspection (trigger_id) WHERE sequence IS NOT NULL;

        ALTER TABLE agent ADD COLUMN ledger_after INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE agent ADD COLUMN ledger_after_hash TEXT NOT NULL DEFAULT '{LedgerHash.Genesis}';
        ALTER TABLE agent ADD COLUMN last_hash TEXT NOT NULL DEFAULT '{LedgerHash.Genesis}';
        UPDATE agent SET ledger_after = last_sequence;

        CREATE TABLE evidence (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            sequence INTEGER NOT NULL REFERENCES inspection (sequence),
            kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 2),
            path TEXT NOT NULL, bytes INTEGER NOT NULL, sha256 TEXT NOT NULL, written_at TEXT NOT NULL) STRICT;
        CREATE INDEX evidence_by_record ON evidence (sequence);
        """;

    // Which bank each station decides with, and how that came about; p-values, which records before them lack.
    private const string Version3 = """
        ALTER TABLE inspection ADD COLUMN p_value REAL;

        CREATE TABLE bank_standing (
            station TEXT NOT NULL, category TEXT NOT NULL,
            active_id TEXT NOT NULL, active_version INTEGER NOT NULL, active_sha256 TEXT NOT NULL,
            previous_id TEXT, previous_version INTEGER, previous_sha256 TEXT,
            highest_version INTEGER NOT NULL, calibration TEXT, previous_calibration TEXT, calibration_before TEXT, highest_calibration INTEGER NOT NULL,
            on_probation INTEGER NOT NULL CHECK (on_probation IN (0, 1)), probation_starts INTEGER NOT NULL,
            dormant INTEGER NOT NULL CHECK (dormant IN (0, 1)), since TEXT NOT NULL,
            PRIMARY KEY (station, category)) STRICT;

        CREATE TABLE bank_event (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at TEXT NOT NULL, station TEXT NOT NULL, category TEXT, kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 11), version INTEGER NOT NULL,
            reason TEXT, signed_by TEXT NOT NULL, document_sha256 TEXT, package_sha256 TEXT, gates TEXT) STRICT;
        CREATE INDEX bank_event_by_kind ON bank_event (station, kind, id);

        CREATE TABLE trust (id INTEGER PRIMARY KEY CHECK (id = 1), document TEXT NOT NULL) STRICT;
        """;
}
