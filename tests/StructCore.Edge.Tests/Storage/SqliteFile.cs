using Microsoft.Data.Sqlite;

namespace StructCore.Tests.Storage;

/// <summary>Statements on a store file behind the store's back.</summary>
internal static class SqliteFile
{
    public static object? Run(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False;Foreign Keys=False");
        connection.Open();
        return Run(connection, sql);
    }

    public static object? Run(SqliteConnection connection, string sql)
    {
        using var command = new SqliteCommand(sql, connection);
        return command.ExecuteScalar();
    }

    /// <summary>What a killed process leaves behind of a store in use: the file and its log.</summary>
    public static string CopyAsAfterAKill(string path, string copy)
    {
        File.Copy(path, copy);
        if (File.Exists(path + "-wal"))
        {
            File.Copy(path + "-wal", copy + "-wal");
        }

        return copy;
    }
}
