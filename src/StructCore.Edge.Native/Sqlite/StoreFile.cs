using System.Globalization;
using Microsoft.Data.Sqlite;
using StructCore.Edge.Storage;

namespace StructCore.Edge.Native.Sqlite;

/// <summary>The database file: how it is opened, brought to the present schema, and what its failures mean.</summary>
internal sealed class StoreFile(string path)
{
    private const int BusySeconds = 2;
    private const int SmallestPage = 512;
    private const string Damaged = "The file is damaged: move it away (with its -wal and -shm) to start with a new one, and check the disk.";

    static StoreFile() => SQLitePCL.Batteries_V2.Init();

    public static string LibraryVersion() => SQLitePCL.raw.sqlite3_libversion().utf8_to_string();

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path,
            Pooling = false,
            DefaultTimeout = BusySeconds,
            ForeignKeys = true,
        }.ToString());
        try
        {
            connection.Open();
            Execute(connection, $"PRAGMA busy_timeout = {BusySeconds * 1000}; PRAGMA synchronous = FULL; PRAGMA cell_size_check = ON;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Creates the folder and the file where they are absent and applies the migrations the file does not have yet.</summary>
    public void Migrate(IReadOnlyList<string> migrations)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        if (new FileInfo(Path) is { Exists: true, Length: > 0 and < SmallestPage } stump)
        {
            // SQLite would take it for an empty database and begin anew.
            throw Failed("opening", $"only {stump.Length} bytes are left of it", Damaged);
        }

        using var connection = Open();
        var version = Number(connection, "PRAGMA user_version");
        if (Number(connection, "PRAGMA application_id") != StoreSchema.ApplicationId && Number(connection, "SELECT count(*) FROM sqlite_master") != 0)
        {
            throw new InspectionStoreException($"'{Path}' is a database of another program. Set Store:Path to a file of its own.");
        }

        if (version > migrations.Count)
        {
            throw new InspectionStoreException($"The inspection store '{Path}' has schema version {version}, this program knows up to {migrations.Count}. A newer program wrote it: update this one, or set Store:Path to another file.");
        }

        var journal = Scalar(connection, "PRAGMA journal_mode = WAL") as string;
        if (journal != "wal")
        {
            throw new InspectionStoreException($"The inspection store '{Path}' cannot keep a write-ahead log (journal mode '{journal}'). Network shares cannot; put it on a local disk.");
        }

        for (; version < migrations.Count; version++)
        {
            using var transaction = connection.BeginTransaction();
            Execute(connection, migrations[(int)version], transaction);
            Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {StoreSchema.ApplicationId}; PRAGMA user_version = {version + 1};"), transaction);
            transaction.Commit();
        }
    }

    /// <summary>Runs one operation on the file; whatever fails tells path, reason and remedy.</summary>
    public T Guard<T>(string what, Func<T> operation)
    {
        try
        {
            return operation();
        }
        catch (SqliteException exception)
        {
            throw Failed(what, exception.Message, Remedy(exception.SqliteErrorCode), exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Failed(what, exception.Message, "Check that the folder exists and that this user may write there.", exception);
        }
        catch (Exception exception) when (exception is FormatException or InvalidCastException or OverflowException)
        {
            throw Failed(what, $"a stored row cannot be read ({exception.Message})", Damaged, exception);
        }
    }

    private static string Remedy(int error) => error switch
    {
        SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED => "Another program holds the file: end it.",
        SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_PERM or SQLitePCL.raw.SQLITE_CANTOPEN => "Check that it is a file, not a folder, and that this user may write the file and its folder.",
        SQLitePCL.raw.SQLITE_FULL => "Free some disk space.",
        SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB => Damaged,
        _ => "Check the disk and the system log.",
    };

    private InspectionStoreException Failed(string what, string reason, string remedy, Exception? inner = null) =>
        new($"The inspection store '{Path}' failed at {what}: {reason.TrimEnd('.')}. {remedy}", inner);

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
