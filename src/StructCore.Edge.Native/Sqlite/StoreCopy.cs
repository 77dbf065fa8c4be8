using Microsoft.Data.Sqlite;
using StructCore.Edge.Storage;

namespace StructCore.Edge.Native.Sqlite;

/// <summary>A complete copy of a store that may be in use; it appears under its name once it is whole and on the disk.</summary>
internal static class StoreCopy
{
    /// <param name="change">A statement that is run on the copy.</param>
    /// <exception cref="InspectionStoreException">The target exists or cannot be written, or the store cannot be read.</exception>
    public static void Write(StoreFile source, string path, string? change = null)
    {
        var target = Path.GetFullPath(path);
        if (File.Exists(target) || Directory.Exists(target))
        {
            throw new InspectionStoreException($"The copy '{target}' of the inspection store '{source.Path}' exists already and is not overwritten. Name another file.");
        }

        var copy = new StoreFile($"{target}.{Path.GetRandomFileName()}.tmp");
        source.Guard($"copying to '{target}'", () =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            try
            {
                Fill(source, copy, change);
                using (var file = new FileStream(copy.Path, FileMode.Open, FileAccess.ReadWrite))
                {
                    file.Flush(flushToDisk: true);
                }

                File.Move(copy.Path, target);
                return target;
            }
            finally
            {
                File.Delete(copy.Path);
                File.Delete(copy.Path + "-journal");
            }
        });
    }

    private static void Fill(StoreFile source, StoreFile copy, string? change)
    {
        // Not the page-by-page backup: it begins anew with every write of another process, here with every verdict.
        using (var connection = source.OpenForReading())
        {
            using var vacuum = new SqliteCommand("VACUUM INTO $copy", connection);
            InspectionRow.Add(vacuum.Parameters, "$copy", copy.Path);
            vacuum.ExecuteNonQuery();
        }

        using var written = copy.Open();
        if (StoreFile.FindDamage(written, 1) is [var damage, ..])
        {
            throw source.Failed("being copied", damage, StoreFile.Damaged);
        }

        if (change is not null)
        {
            using var statement = new SqliteCommand(change, written);
            statement.ExecuteNonQuery();
        }
    }
}
