using LiteDB;
using StructCore.Edge.Storage;

namespace StructCore.Edge.Packages.LiteDb;

/// <summary>The database file and its journal: where they lie, and what their failures mean.</summary>
internal sealed class LiteDbFile(string path) : StoreFileGuard(path, Journal)
{
    private const string Journal = ".journal";
    private const int DiskFullOnLinux = 28;
    private const int DiskFullOnWindows = unchecked((int)0x80070070);

    /// <summary>The journal. A store that was closed has none.</summary>
    public string JournalPath => Path + Journal;

    public static string LibraryVersion() => typeof(LiteDatabase).Assembly.GetName().Version!.ToString(3);

    /// <summary>Refuses a file that is the other adapters', or was cut off.</summary>
    public void ThrowIfNotWhole(PageSnapshot pages)
    {
        ThrowIfMarked("an SQLite database", "SQLite format 3\0"u8, 0, "native");
        var header = new byte[PageStream.PageBytes];
        if (pages.Length > 0)
        {
            pages.ReadPage(Page.Header, header);
        }

        if (pages.Length == 0 || Page.LastPage(header) >= pages.Length / PageStream.PageBytes)
        {
            throw Failed("opening", $"only {new FileInfo(Path).Length} bytes are left of it", Damaged);
        }
    }

    protected override (string Reason, string Remedy)? Explain(Exception exception) => exception switch
    {
        InvalidDataException or LiteException { ErrorCode: LiteException.INVALID_DATAFILE_STATE or LiteException.INVALID_DATABASE } => (exception.Message, Damaged),
        LiteException => (exception.Message, "Check the disk and the system log."),
        IOException { HResult: DiskFullOnLinux or DiskFullOnWindows } => (exception.Message, "Free some disk space."),
        UnauthorizedAccessException when Directory.Exists(Path) => (exception.Message, "Check that it is a file, not a folder, and that this user may write the file and its folder."),
        _ => base.Explain(exception),
    };
}
