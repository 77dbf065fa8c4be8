using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Data.Sqlite;
using StructCore.Edge.Storage;

namespace StructCore.Edge.Native.Sqlite;

/// <summary>Brings a file that may be new, old, damaged or somebody else's to the present schema, or refuses it.</summary>
internal static class StoreMigration
{
    private const int Incremental = 2;

    /// <summary>Creates the folder and the file where they are absent and applies the migrations the file does not have yet, each in one transaction.</summary>
    public static void Apply(StoreFile file, IReadOnlyList<string> migrations)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file.Path)!);

        // A process that ended well has taken its log along.
        var log = new FileInfo(file.LogPath);
        var unclean = log.Exists;
        if (!unclean || log.Length == 0)
        {
            RefuseStump(file);
        }

        using var connection = file.Open();
        var version = Version(connection, file, migrations.Count);
        if (unclean && StoreFile.FindDamage(connection, 1) is [var damage, ..])
        {
            throw file.Failed("checking it after an unclean end", damage, file.Damaged);
        }

        // Takes effect before the first table only.
        Execute(connection, $"PRAGMA auto_vacuum = {Incremental}");
        if (Scalar(connection, "PRAGMA journal_mode = WAL") is not "wal" and var journal)
        {
            throw new InspectionStoreException($"The inspection store '{file.Path}' cannot keep a write-ahead log (journal mode '{journal}'). Network shares cannot; put it on a local disk.");
        }

        if (version > 0 && version < migrations.Count)
        {
            KeepOld(file, version);
        }

        for (; version < migrations.Count; version++)
        {
            using var transaction = connection.BeginTransaction();
            Execute(connection, migrations[version], transaction);
            Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {StoreSchema.ApplicationId}; PRAGMA user_version = {version + 1};"), transaction);
            transaction.Commit();
        }

        LetItShrink(connection);
    }

    /// <summary>The schema version of a file that is ours and not from the future.</summary>
    public static int Version(SqliteConnection connection, StoreFile file, int newest)
    {
        var version = Number(connection, "PRAGMA user_version");
        if (Number(connection, "PRAGMA application_id") != StoreSchema.ApplicationId && Number(connection, "SELECT count(*) FROM sqlite_master") != 0)
        {
            throw file.OfAnotherProgram();
        }

        return version <= newest ? (int)version : throw file.Newer(version, newest);
    }

    // A file that was cut off: SQLite takes a short one for an empty database, and misses pages only when it comes to them.
    private static void RefuseStump(StoreFile file)
    {
        if (new FileInfo(file.Path) is not { Exists: true, Length: > 0 and var length })
        {
            return;
        }

        Span<byte> header = stackalloc byte[32];
        using (var stream = new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
        {
            stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        }

        // Bytes 16 and 28 of the header: size and number of pages; 1 stands for 65536, and no text begins a page of less than 512.
        var pageSize = BinaryPrimitives.ReadUInt16BigEndian(header[16..]) is var size && size == 1 ? 1 << 16 : size;
        var pages = BinaryPrimitives.ReadUInt32BigEndian(header[28..]);
        if (length < header.Length || (header.StartsWith("SQLite format 3\0"u8) && length < (long)pageSize * pages))
        {
            throw file.Failed("opening", $"only {length} bytes are left of it", file.Damaged);
        }
    }

    // So that the program before this one can be put back, with its file.
    private static void KeepOld(StoreFile file, int version)
    {
        var kept = string.Create(CultureInfo.InvariantCulture, $"{file.Path}.v{version}.bak");
        File.Delete(kept);
        StoreCopy.Write(file, kept);
    }

    // Files of schema version 1 cannot give pages back before they are written anew once.
    private static void LetItShrink(SqliteConnection connection)
    {
        if (Number(connection, "PRAGMA auto_vacuum") == Incremental)
        {
            return;
        }

        try
        {
            Execute(connection, "VACUUM");
        }
        catch (SqliteException e) when (e.SqliteErrorCode == SQLitePCL.raw.SQLITE_FULL)
        {
            // Still good to work with; the next start tries again.
        }
    }

    private static void Execute(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using var command = new SqliteCommand(sql, connection, transaction);
        command.ExecuteNonQuery();
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = new SqliteCommand(sql, connection);
        return command.ExecuteScalar();
    }

    private static long Number(SqliteConnection connection, string sql) => (long)Scalar(connection, sql)!;
}
