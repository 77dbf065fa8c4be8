namespace StructCore.Vision.Features;

/// <summary>Files that are there in full or not at all, whenever the power goes.</summary>
public static class AtomicFile
{
    /// <summary>Writes a temporary file, flushes it to the disk and renames it; creates the folder where it is missing.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes it; the stream can seek.</param>
    /// <param name="overwrite">Whether it takes the place of a file that is there.</param>
    /// <param name="temporary">The temporary file, on the same disk; replaced where it is there. Null: a random name beside <paramref name="path"/>.</param>
    /// <exception cref="IOException">It cannot be written, or is there and must not be replaced; nothing is left behind.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Write(string path, Action<Stream> write, bool overwrite = true, string? temporary = null)
    {
        ArgumentNullException.ThrowIfNull(write);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        temporary ??= $"{path}.{Path.GetRandomFileName()}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
