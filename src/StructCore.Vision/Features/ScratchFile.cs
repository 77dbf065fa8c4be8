namespace StructCore.Vision.Features;

/// <summary>Files that lie on disk only as long as somebody works with them.</summary>
internal static class ScratchFile
{
    /// <summary>Makes a file that disappears with its handle, and so with the process, however that ends.</summary>
    /// <param name="folder">The system's temporary folder where it is null.</param>
    /// <param name="extension">What it holds, with the dot.</param>
    /// <exception cref="IOException">It cannot be made there.</exception>
    public static FileStream Create(string? folder, string extension)
    {
        var path = Path.Combine(folder ?? Path.GetTempPath(), $"structcore-{Guid.NewGuid():N}{extension}");
        var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, Options = FileOptions.DeleteOnClose, BufferSize = 0 });

        // Windows deletes with the handle; elsewhere the runtime deletes when it is disposed of, which a killed process does not live to do.
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(path);
        }

        return file;
    }
}
