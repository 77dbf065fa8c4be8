using System.Diagnostics.CodeAnalysis;
using LiteDB;
using LiteDB.Engine;

namespace StructCore.Edge.Packages.LiteDb;

/// <summary>The agent's store. LiteDB's engine is thrown away with whatever fails in it, and begun anew from what is on the disk.</summary>
internal sealed class WritingSession : StoreSession
{
    // The journal is brought into the file every few seconds; a write does it itself where it has grown to this.
    private const int JournalBytes = 16 << 20;

    private readonly LiteDbFile _file;
    private readonly PageFile _pages;
    private LiteDatabase? _database;

    /// <summary>Opens or creates the store; after an unclean end it brings the journal into the file and checks every page.</summary>
    public WritingSession(LiteDbFile file)
    {
        _file = file;
        Directory.CreateDirectory(Path.GetDirectoryName(file.Path)!);
        var unclean = File.Exists(file.JournalPath);
        _pages = PageFile.Open(file.Path);
        try
        {
            Journal = Journal.Open(file.JournalPath);
            Begin(unclean);
        }
        catch
        {
            Journal?.End(keep: unclean);
            _pages.Dispose();
            throw;
        }
    }

    public Journal Journal { get; private set; }

    /// <summary>Of the pages that hold nothing.</summary>
    public long FreeBytes => Journal.FreePages * (long)PageStream.PageBytes;

    /// <summary>Whether there are more of them than a line in use leaves behind.</summary>
    public bool IsMostlyFree => FreeBytes > JournalBytes && FreeBytes > _pages.Length / 2;

    public override T Write<T>(Func<StoreTransaction, T> operation)
    {
        lock (Gate)
        {
            var result = Run(database =>
            {
                database.BeginTrans();
                var transaction = new StoreTransaction(database);
                var done = operation(transaction);
                transaction.End();
                database.Commit();
                if (transaction.Changed)
                {
                    Journal.Commit();
                }

                return done;
            });
            CheckpointIfLarge();
            return result;
        }
    }

    /// <summary>Brings the journal into the file, which no verdict should wait for; not while somebody reads beside.</summary>
    public void Checkpoint()
    {
        lock (Gate)
        {
            if (Journal.Length > 0)
            {
                Run(TakeAloneAndCheckpoint);
            }
        }
    }

    public override long SizeBytes()
    {
        lock (Gate)
        {
            return Run(_ => _pages.Length + Journal.FileBytes - FreeBytes);
        }
    }

    public override void Dispose()
    {
        lock (Gate)
        {
            try
            {
                Checkpoint();
                _database?.Dispose();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or LiteException)
            {
                // The journal stays: the next start brings it into the file, or tells.
            }
            finally
            {
                _database = null;
                Journal.End();
                _pages.Dispose();
            }
        }
    }

    protected override T Run<T>(Func<LiteDatabase, T> operation)
    {
        var done = false;
        try
        {
            var result = operation(_database ?? Restart());
            done = true;
            return result;
        }
        finally
        {
            if (!done)
            {
                // Not disposed: it would wait for a writer thread that may have died. It can write no more.
                _database = null;
                Journal.Dispose();
            }
        }
    }

    private void CheckpointIfLarge()
    {
        try
        {
            if (Journal.FileBytes > JournalBytes)
            {
                Checkpoint();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or LiteException)
        {
            // What was to be written is on the disk; the checkpoint of the next check tells.
        }
    }

    private void Begin(bool unclean)
    {
        var isNew = new FileInfo(_file.Path).Length == 0;
        if (isNew && Journal.Pages.Count > 0)
        {
            throw _file.Failed("opening", "its journal is there, the file is not", _file.Damaged);
        }

        if (!isNew)
        {
            var snapshot = new PageSnapshot(_pages, Journal);
            _file.ThrowIfNotWhole(snapshot);
            Replay();
            if (unclean && snapshot.FindDamage(1) is [var damage, ..])
            {
                throw _file.Failed("checking it after an unclean end", damage, _file.Damaged);
            }
        }

        _database = Start();
        Write(StoreSchema.Apply(_file));
    }

    // LiteDB reads the file's first page before its log, and that one a power cut may have torn.
    private void Replay()
    {
        if (Journal.Pages.Count == 0 || !Journal.TryTakeAlone())
        {
            return;
        }

        var page = new byte[PageStream.PageBytes];
        _pages.Writable = true;
        foreach (var (number, frame) in Journal.Pages.OrderBy(p => p.Key))
        {
            Journal.ReadPage(frame, page);
            _pages.WritePage(number, page);
        }

        _pages.Flush();
        _pages.Writable = false;
        Journal.SetLength(0);
        Journal.Share();
    }

    private LiteDatabase Start()
    {
        // LiteDB compares strings as the machine's language does, unless it is told so when a file is new.
        var isNew = _pages.Length == 0;
        _pages.Writable = isNew;
        var database = new LiteDatabase(new LiteEngine(new EngineSettings { DataStream = _pages, LogStream = Journal, Collation = isNew ? Collation.Binary : null }));
        _pages.Writable = false;
        Journal.FreePagesAre(new PageSnapshot(_pages, Journal).FreePages());

        // Or a commit would bring the log into the file, beside whoever reads.
        if (database.CheckpointSize != 0)
        {
            database.CheckpointSize = 0;
            Journal.Commit();
        }

        return database;
    }

    [MemberNotNull(nameof(_database))]
    private LiteDatabase Restart()
    {
        Journal = Journal.Open(_file.JournalPath, Journal.Committed);
        return _database = Start();
    }

    private bool TakeAloneAndCheckpoint(LiteDatabase database)
    {
        if (!Journal.TryTakeAlone())
        {
            return false;
        }

        try
        {
            _pages.Writable = true;
            database.Checkpoint();
            return true;
        }
        finally
        {
            _pages.Writable = false;
            Journal.Share();
        }
    }
}
