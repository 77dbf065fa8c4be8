using System.Runtime.InteropServices;

namespace StructCore.Edge.BankUpdates.Files;

/// <summary>Every change an update makes to the file system, one call each, so that tests can cut the power at every one of them.</summary>
internal partial class UpdateFiles
{
    private const int ReadOnly = 0;

    public virtual void CreateFolder(string path) => Directory.CreateDirectory(path);

    /// <summary>Adds to a file's end; creates it where it is absent.</summary>
    public virtual void Append(string path, ReadOnlySpan<byte> bytes)
    {
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        file.Write(bytes);
    }

    /// <summary>Puts a file's bytes on the disk.</summary>
    public virtual void Sync(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Puts a folder's names on the disk: a file created, renamed or deleted in it is certain only then.</summary>
    /// <exception cref="IOException">It cannot be done.</exception>
    public virtual void SyncFolder(string path)
    {
        // Windows keeps names in a journal of its own and has no such call.
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var folder = Open(path, ReadOnly);
        try
        {
            if (folder < 0 || Synchronise(folder) != 0)
            {
                throw new IOException($"Folder '{path}' cannot be synchronised: {Marshal.GetLastPInvokeErrorMessage()}.");
            }
        }
        finally
        {
            if (folder >= 0)
            {
                _ = Close(folder);
            }
        }
    }

    /// <summary>Renames a file on one disk; replaces what has the name.</summary>
    public virtual void Move(string from, string to) => File.Move(from, to, overwrite: true);

    /// <summary>Deletes a file; none there is as good.</summary>
    public virtual void Delete(string path) => File.Delete(path);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronise(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
