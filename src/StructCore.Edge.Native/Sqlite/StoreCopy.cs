using Microsoft.Data.Sqlite;
using StructCore.Edge.Storage;

namespace StructCore.Edge.Native.Sqlite;

/// <summary>A complete copy of a store that may be in use.</summary>
internal static class StoreCopy
{
    /// <param name="change">A statement that is run on the copy.</param>
    /// <exception cref="InspectionStoreException">The target exists or cannot be written, or the store cannot be read.</exception>
    public static void Write(StoreFile source, string path, string? change = null) =>
        WholeCopy.Write(source, path, copy => Fill(source, new StoreFile(copy), change));

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
            throw source.Failed("being copied", damage, source.Damaged);
        }

        if (change is not null)
        {
            using var statement = new SqliteCommand(change, written);
            statement.ExecuteNonQuery();
        }
    }
}
