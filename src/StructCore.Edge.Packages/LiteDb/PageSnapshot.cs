namespace StructCore.Edge.Packages.LiteDb;

/// <summary>The store's pages at one moment: the file, and over it what the journal held.</summary>
internal sealed class PageSnapshot(PageFile file, Journal? journal) : PageStream
{
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length { get; } = Math.Max(file.Length / PageBytes, journal is { Pages.Count: > 0 } ? journal.Pages.Keys.Max() + 1L : 0) * PageBytes;

    public long JournalBytes => journal?.FileBytes ?? 0;

    public override void ReadPage(long number, Span<byte> page)
    {
        if (journal is not null && journal.Pages.TryGetValue((uint)number, out var frame))
        {
            journal.ReadPage(frame, page);
            Page.Clear(page);
        }
        else
        {
            file.ReadPage(number, page);
        }
    }

    /// <summary>The pages that hold nothing and are written anew before the file grows.</summary>
    public HashSet<uint> FreePages()
    {
        var free = new HashSet<uint>();
        var page = new byte[PageBytes];
        ReadPage(Page.Header, page);
        for (var next = Page.FirstFree(page); next is { } number && free.Add(number); next = Page.Next(page))
        {
            ReadPage(number, page);
        }

        return free;
    }

    /// <summary>Reads every page: what is damaged, at most <paramref name="limit"/> findings.</summary>
    public List<string> FindDamage(int limit)
    {
        var found = new List<string>();
        var page = new byte[PageBytes];
        for (var number = 0L; number < Length / PageBytes && found.Count < limit; number++)
        {
            try
            {
                ReadPage(number, page);
            }
            catch (InvalidDataException e)
            {
                found.Add(e.Message);
            }
        }

        return found;
    }

    /// <summary>Writes all of it as one file.</summary>
    public void CopyTo(PageFile target)
    {
        var page = new byte[PageBytes];
        for (var number = 0L; number < Length / PageBytes; number++)
        {
            ReadPage(number, page);
            target.WritePage(number, page);
        }

        target.Flush();
    }

    public override void WritePage(long number, ReadOnlySpan<byte> page) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        journal?.Dispose();
        file.Dispose();
    }
}
