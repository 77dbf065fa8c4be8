using LiteDB;
using LiteDB.Engine;
using StructCore.Edge.Storage;

namespace StructCore.Edge.Packages.LiteDb;

/// <summary>One moment of a store that an agent may be writing to. While it is open the agent's journal grows: it cannot be brought into the file.</summary>
internal sealed class ReadingSession : StoreSession
{
    // A checkpoint of a journal of common size takes a fraction of a second.
    private static readonly TimeSpan CheckpointPatience = TimeSpan.FromSeconds(10);

    private readonly LiteDbFile _file;
    private readonly LiteDatabase _database;

    public ReadingSession(LiteDbFile file)
    {
        if (!File.Exists(file.Path))
        {
            throw file.Absent();
        }

        _file = file;
        var journal = Journal.OpenForReading(file.JournalPath, CheckpointPatience);
        Pages = new PageSnapshot(PageFile.OpenForReading(file.Path), journal);
        try
        {
            file.ThrowIfNotWhole(Pages);
            _database = new LiteDatabase(new LiteEngine(new EngineSettings { DataStream = Pages, LogStream = new MemoryStream(), ReadOnly = true }));
            StoreSchema.Check(_database, file);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public PageSnapshot Pages { get; }

    public override T Write<T>(Func<StoreTransaction, T> operation) => throw new InspectionStoreException($"The inspection store '{_file.Path}' was opened for reading.");

    public override long SizeBytes() => Pages.Length + Pages.JournalBytes - (Pages.FreePages().Count * (long)PageStream.PageBytes);

    public override void Dispose()
    {
        _database?.Dispose();
        Pages.Dispose();
    }

    protected override T Run<T>(Func<LiteDatabase, T> operation) => operation(_database);
}
