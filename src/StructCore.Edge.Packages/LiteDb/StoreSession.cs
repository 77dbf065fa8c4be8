using LiteDB;

namespace StructCore.Edge.Packages.LiteDb;

/// <summary>An open store: one operation at a time, each seeing what the one before it left.</summary>
internal abstract class StoreSession : IDisposable
{
    protected Lock Gate { get; } = new();

    public T Read<T>(Func<LiteDatabase, T> operation)
    {
        lock (Gate)
        {
            return Run(operation);
        }
    }

    /// <summary>One transaction, on the disk when it returns; an exception leaves nothing of it.</summary>
    public abstract T Write<T>(Func<StoreTransaction, T> operation);

    /// <summary>Bytes of the file and its journal, without the pages that are free: they are written anew before the file grows.</summary>
    public abstract long SizeBytes();

    public abstract void Dispose();

    protected abstract T Run<T>(Func<LiteDatabase, T> operation);
}
