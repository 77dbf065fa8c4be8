using Microsoft.Data.Sqlite;

namespace StructCore.Edge.Native.Sqlite;

/// <summary>A connection with its statements, each compiled once.</summary>
internal sealed class StoreConnection(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _statements = [];
    private SqliteTransaction? _transaction;

    public SqliteConnection Connection => connection;

    /// <summary>The statement, without parameters; it stays this connection's.</summary>
    public SqliteCommand Statement(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            _statements[sql] = statement = new SqliteCommand(sql, connection);
        }

        statement.Parameters.Clear();
        statement.Transaction = _transaction;
        return statement;
    }

    /// <summary>One transaction that writes; an exception rolls it back.</summary>
    public T Write<T>(Func<StoreConnection, T> operation)
    {
        using var transaction = _transaction = connection.BeginTransaction();
        try
        {
            var result = operation(this);
            transaction.Commit();
            return result;
        }
        finally
        {
            _transaction = null;
        }
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        connection.Dispose();
    }
}
