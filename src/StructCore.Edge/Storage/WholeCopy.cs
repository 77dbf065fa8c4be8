namespace StructCore.Edge.Storage;

/// <summary>A copy of a store that appears under its name once it is whole and on the disk.</summary>
internal static class WholeCopy
{
    /// <param name="fill">Writes the copy to the path it is given, where nothing is yet.</param>
    /// <exception cref="InspectionStoreException">The target exists or cannot be written, or the store cannot be read.</exception>
    public static void Write(StoreFileGuard source, string path, Action<string> fill)
    {
        var target = Path.GetFullPath(path);
        if (File.Exists(target) || Directory.Exists(target))
        {
            throw new InspectionStoreException($"The copy '{target}' of the inspection store '{source.Path}' exists already and is not overwritten. Name another file.");
        }

        var (folder, name) = (Path.GetDirectoryName(target)!, $"{Path.GetFileName(target)}.{Path.GetRandomFileName()}.tmp");
        source.Guard($"copying to '{target}'", () =>
        {
            Directory.CreateDirectory(folder);
            var copy = Path.Combine(folder, name);
            try
            {
                fill(copy);
                using (var file = new FileStream(copy, FileMode.Open, FileAccess.ReadWrite))
                {
                    file.Flush(flushToDisk: true);
                }

                File.Move(copy, target);
                return target;
            }
            finally
            {
                foreach (var left in Directory.GetFiles(folder, name + "*"))
                {
                    File.Delete(left);
                }
            }
        });
    }
}
