using Microsoft.Win32.SafeHandles;

namespace StructCore.Edge.Packages.LiteDb;

/// <summary>LiteDB's database file, with a checksum in every page. Only the journal is brought into it: each write belongs to a checkpoint.</summary>
internal sealed class PageFile : PageStream
{
    private readonly SafeFileHandle _file;

    private PageFile(SafeFileHandle file) => _file = file;

    /// <summary>LiteDB may write now: the file is new, or a checkpoint is under way that nobody reads beside.</summary>
    public bool Writable { get; set; }

    /// <inheritdoc/>
    /// <remarks>Of whole pages.</remarks>
    public override long Length => RandomAccess.GetLength(_file) / PageBytes * PageBytes;

    /// <summary>For the agent; a new file where there is none.</summary>
    public static PageFile Open(string path) => new(File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete));

    public static PageFile OpenForReading(string path) => new(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));

    public override void ReadPage(long number, Span<byte> page)
    {
        if (RandomAccess.Read(_file, page, number * PageBytes) is var read && read < PageBytes)
        {
            throw new InvalidDataException($"page {number} is not there: the file has {Length} bytes");
        }

        if (!Page.Unseal(page, number))
        {
            throw new InvalidDataException($"page {number} is damaged: its checksum does not hold");
        }
    }

    public override void WritePage(long number, ReadOnlySpan<byte> page)
    {
        if (!Writable)
        {
            throw new NotSupportedException("The file is written in a checkpoint alone.");
        }

        Span<byte> sealedPage = stackalloc byte[PageBytes];
        page.CopyTo(sealedPage);
        Page.Seal(sealedPage, number);
        RandomAccess.Write(_file, sealedPage, number * PageBytes);
    }

    /// <summary>Waits for the disk.</summary>
    public override void Flush()
    {
        if (Writable)
        {
            RandomAccess.FlushToDisk(_file);
        }
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing) => _file.Dispose();
}
