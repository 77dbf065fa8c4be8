namespace StructCore.Edge.Packages.LiteDb;

/// <summary>LiteDB's pages, as it reads and writes them: always one whole page.</summary>
internal abstract class PageStream : Stream
{
    public const int PageBytes = 8192;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override long Position { get; set; }

    public override int Read(byte[] buffer, int offset, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(count, PageBytes);
        ReadPage(Position / PageBytes, buffer.AsSpan(offset, count));
        Position += count;
        return count;
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(count, PageBytes);
        WritePage(Position / PageBytes, buffer.AsSpan(offset, count));
        Position += count;
    }

    /// <summary>Fills a page.</summary>
    /// <exception cref="InvalidDataException">The page is damaged or not there.</exception>
    public abstract void ReadPage(long number, Span<byte> page);

    public abstract void WritePage(long number, ReadOnlySpan<byte> page);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
}
