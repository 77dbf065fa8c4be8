using Microsoft.Data.Sqlite;
using StructCore.Edge.Storage;

namespace StructCore.Edge.Native.Sqlite;

/// <summary>The database file: how it is opened, and what its failures mean.</summary>
internal sealed class StoreFile(string path) : StoreFileGuard(path, "-wal and -shm")
{
    private const int BusySeconds = 2;

    // The log is brought into the file every few seconds beside the writes; a write does it itself where it has grown to this, and cuts it back to it.
    private const int LogBytes = 16 << 20;
    private const int PageBytes = 4096;

    static StoreFile() => SQLitePCL.Batteries_V2.Init();

    public static string LibraryVersion() => SQLitePCL.raw.sqlite3_libversion().utf8_to_string();

    /// <summary>The write-ahead log. A store that was closed has none.</summary>
    public string LogPath => Path + "-wal";

    public SqliteConnection Open()
    {
        ThrowIfLiteDb();
        return Open(Path, SqliteOpenMode.ReadWriteCreate);
    }

    /// <summary>Opens what is there, and leaves the file and its folder as they are.</summary>
    public SqliteConnection OpenForReading()
    {
        if (!File.Exists(Path))
        {
            throw Absent();
        }

        ThrowIfLiteDb();

        // A reader of a closed store would leave a new log beside it, with the reader as its owner.
        return Open(File.Exists(LogPath) ? Path : $"{new Uri(Path).AbsoluteUri}?immutable=1", SqliteOpenMode.ReadOnly);
    }

    /// <summary>What is damaged in the whole file, at most <paramref name="limit"/> findings.</summary>
    public static IReadOnlyList<string> FindDamage(SqliteConnection connection, int limit)
    {
        using var check = new SqliteCommand(FormattableString.Invariant($"PRAGMA quick_check({limit})"), connection);
        using var row = check.ExecuteReader();
        var found = new List<string>();
        while (row.Read())
        {
            found.Add(row.GetString(0));
        }

        return found is ["ok"] ? [] : found;
    }

    protected override (string Reason, string Remedy)? Explain(Exception exception) =>
        exception is SqliteException sqlite ? (sqlite.Message, Remedy(sqlite.SqliteErrorCode)) : base.Explain(exception);

    private void ThrowIfLiteDb() => ThrowIfMarked("a LiteDB database", "** This is a LiteDB file **"u8, 32, "packages");

    private string Remedy(int error) => error switch
    {
        SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED => "Another program holds the file: end it.",
        SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_PERM or SQLitePCL.raw.SQLITE_CANTOPEN => "Check that it is a file, not a folder, and that this user may write the file and its folder.",
        SQLitePCL.raw.SQLITE_FULL => "Free some disk space.",
        SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB => Damaged,
        _ => "Check the disk and the system log.",
    };

    private static SqliteConnection Open(string source, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = source,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = BusySeconds,
            ForeignKeys = true,
        }.ToString());
        try
        {
            connection.Open();
            using var settings = new SqliteCommand(
                FormattableString.Invariant($"PRAGMA busy_timeout = {BusySeconds * 1000}; PRAGMA synchronous = FULL; PRAGMA cell_size_check = ON; PRAGMA journal_size_limit = {LogBytes}; PRAGMA wal_autocheckpoint = {LogBytes / PageBytes};"), connection);
            settings.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
