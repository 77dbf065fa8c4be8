using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace StructCore.Edge.Packages.LiteDb;

/// <summary>
/// LiteDB's log in a file of ours, because LiteDB 5.0.20 writes its own from another thread after a commit has returned, flushes it later, and puts no checksum into it.
/// What a restart finds is the frames up to the last transaction whose every frame holds.
/// </summary>
/// <remarks>Whoever reads the store keeps the file open; a checkpoint, which empties it, needs it alone.</remarks>
internal sealed class Journal : PageStream
{
    private const FileShare Shared = FileShare.Read | FileShare.Delete;

    // LiteDB's writer thread takes milliseconds; a disk that hangs may take long, but a station must say so some day.
    private static readonly TimeSpan WriterPatience = TimeSpan.FromSeconds(30);

    private readonly string _path;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _confirmed = new(0);
    private readonly byte[] _frame = new byte[JournalFrame.Bytes];
    private readonly Dictionary<uint, long> _pages = [];
    private readonly HashSet<uint> _free = [];
    private SafeFileHandle _file;
    private ulong _salt;
    private long _frames;
    private long _committed;
    private Exception? _failure;

    private Journal(string path, SafeFileHandle file, long atMost)
    {
        (_path, _file) = (path, file);
        Scan(atMost);
    }

    /// <summary>Where the newest committed copy of each page lies that the journal held when it was opened.</summary>
    public IReadOnlyDictionary<uint, long> Pages => _pages;

    /// <summary>How many frames belong to transactions that are on the disk.</summary>
    public long Committed => Interlocked.Read(ref _committed);

    /// <summary>Of the pages, as LiteDB counts them.</summary>
    public override long Length => Interlocked.Read(ref _frames) * PageBytes;

    public long FileBytes => RandomAccess.GetLength(_file);

    /// <summary>How many pages of the store are free.</summary>
    public int FreePages
    {
        get
        {
            lock (_gate)
            {
                return _free.Count;
            }
        }
    }

    /// <summary>For the agent: goes on behind the last whole transaction, or with a new file.</summary>
    /// <param name="atMost">Where it goes on within a run: frames behind these are not wanted, though they may be whole.</param>
    /// <exception cref="InvalidDataException">It has not even those any more.</exception>
    public static Journal Open(string path, long atMost = long.MaxValue)
    {
        var journal = new Journal(path, OpenHandle(path, FileMode.OpenOrCreate, Shared), atMost);
        if (atMost < long.MaxValue && journal._committed < atMost)
        {
            journal.Dispose();
            throw new InvalidDataException($"of {atMost} frames of '{path}' {journal._committed} are left");
        }

        journal.DropUncommitted();
        return journal;
    }

    /// <summary>For whoever reads beside the agent; null where there is none: the store was closed.</summary>
    /// <exception cref="IOException">An agent has been bringing it into the file for all that time.</exception>
    public static Journal? OpenForReading(string path, TimeSpan patience)
    {
        for (var since = Environment.TickCount64; ; Thread.Sleep(5))
        {
            try
            {
                return new(path, File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), long.MaxValue);
            }
            catch (FileNotFoundException)
            {
                return null;
            }
            catch (IOException) when (Environment.TickCount64 - since < patience.TotalMilliseconds)
            {
            }
        }
    }

    public override void ReadPage(long number, Span<byte> page)
    {
        lock (_gate)
        {
            if (!JournalFrame.Read(_file, number, _salt, _frame))
            {
                throw new InvalidDataException($"frame {number} of '{_path}' is damaged");
            }

            _frame.AsSpan(0, PageBytes).CopyTo(page);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Called on LiteDB's writer thread, which must not fail: <see cref="Commit"/> tells.</remarks>
    public override void WritePage(long number, ReadOnlySpan<byte> page)
    {
        lock (_gate)
        {
            try
            {
                WriteFrame(number, page);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                _failure ??= e;
            }

            _ = Page.IsFree(page) ? _free.Add(Page.Number(page)) : _free.Remove(Page.Number(page));
            if (Page.IsConfirmed(page))
            {
                _confirmed.Release();
            }
        }
    }

    /// <summary>Waits until the transaction that LiteDB has just committed is written and on the disk.</summary>
    /// <exception cref="IOException">It is not; the journal is to be opened anew.</exception>
    public void Commit()
    {
        if (!_confirmed.Wait(WriterPatience))
        {
            throw new IOException($"LiteDB has not written a transaction to '{_path}' within {WriterPatience.TotalSeconds:0} s.");
        }

        lock (_gate)
        {
            if (_failure is { } failure)
            {
                throw new IOException(failure.Message, failure);
            }

            RandomAccess.FlushToDisk(_file);
            _committed = _frames;
        }
    }

    /// <summary>From these on it follows by itself which pages are free.</summary>
    public void FreePagesAre(IEnumerable<uint> free)
    {
        lock (_gate)
        {
            _free.UnionWith(free);
        }
    }

    /// <summary>Closes it to readers; false where somebody reads.</summary>
    public bool TryTakeAlone()
    {
        lock (_gate)
        {
            _file.Dispose();
            try
            {
                _file = OpenHandle(_path, FileMode.Open, FileShare.None);
                return true;
            }
            catch (IOException)
            {
                Share();
                return false;
            }
        }
    }

    public void Share()
    {
        lock (_gate)
        {
            _file.Dispose();
            _file = OpenHandle(_path, FileMode.Open, Shared);
        }
    }

    /// <inheritdoc/>
    /// <remarks>LiteDB empties its log once all of it is in the file.</remarks>
    public override void SetLength(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(value, 0);
        lock (_gate)
        {
            Empty();
        }
    }

    /// <inheritdoc/>
    /// <remarks>Nothing: LiteDB's writer thread flushes when it likes, <see cref="Commit"/> when it matters.</remarks>
    public override void Flush()
    {
    }

    /// <summary>Closes it for good; an empty one is deleted: the mark of a clean end.</summary>
    /// <param name="keep">Nevertheless.</param>
    public void End(bool keep = false)
    {
        Dispose();
        if (_frames == 0 && !keep)
        {
            File.Delete(_path);
        }
    }

    protected override void Dispose(bool disposing)
    {
        lock (_gate)
        {
            _file.Dispose();
        }
    }

    private static SafeFileHandle OpenHandle(string path, FileMode mode, FileShare share) => File.OpenHandle(path, mode, FileAccess.ReadWrite, share);

    private void DropUncommitted()
    {
        lock (_gate)
        {
            (_frames, _failure) = (_committed, null);
            if (_frames > 0)
            {
                RandomAccess.SetLength(_file, JournalFrame.Length(_frames));
            }
            else
            {
                Empty();
            }
        }
    }

    // On the disk before the first new frame, or a power cut could leave some old frames before new ones.
    private void Empty()
    {
        RandomAccess.SetLength(_file, 0);
        RandomAccess.FlushToDisk(_file);
        (_frames, _committed, _salt) = (0, 0, BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8)));
        _pages.Clear();
    }

    private void WriteFrame(long number, ReadOnlySpan<byte> page)
    {
        if (_frames == 0)
        {
            JournalFrame.WriteSalt(_file, _salt);
        }

        JournalFrame.Write(_file, number, _salt, page, _frame);
        _frames = Math.Max(_frames, number + 1);
    }

    // A power cut may leave frames out of order or torn: the first that does not hold ends it, and with it a transaction without its end.
    private void Scan(long atMost)
    {
        if (JournalFrame.ReadSalt(_file) is not { } salt)
        {
            return;
        }

        _salt = salt;
        var transaction = new List<uint>();
        for (var number = 0L; number < atMost && JournalFrame.Read(_file, number, _salt, _frame); number++)
        {
            transaction.Add(Page.Number(_frame));
            if (Page.IsConfirmed(_frame))
            {
                for (var i = 0; i < transaction.Count; i++)
                {
                    _pages[transaction[i]] = number + 1 - transaction.Count + i;
                }

                transaction.Clear();
                _frames = _committed = number + 1;
            }
        }
    }
}
