using LiteDB;
using StructCore.Edge.Storage;

namespace StructCore.Edge.Packages.LiteDb;

/// <summary>Writes a store anew without its free pages, which LiteDB itself never gives back.</summary>
internal static class StoreCompaction
{
    private const int Batch = 500;

    /// <summary>Of a closed store, at a start. Where it fails, the disk being full, the store stays as it is.</summary>
    public static void Run(LiteDbFile file)
    {
        // Somebody reads: the journal is still there.
        var small = file.Path + ".small";
        if (File.Exists(file.JournalPath))
        {
            return;
        }

        try
        {
            File.Delete(small);
            WholeCopy.Write(file, small, path => Copy(file, new LiteDbFile(path)));
            File.Move(small, file.Path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InspectionStoreException && file.Damage is null)
        {
            // Still good to work with; the next start tries again.
        }
    }

    private static void Copy(LiteDbFile from, LiteDbFile to)
    {
        using var source = new ReadingSession(from);
        using var target = new WritingSession(to);
        source.Read(database =>
        {
            foreach (var collection in database.GetCollectionNames().ToList())
            {
                foreach (var documents in database.GetCollection(collection).FindAll().Chunk(Batch))
                {
                    target.Write(store => Insert(store, collection, documents));
                }
            }

            return true;
        });
    }

    private static int Insert(StoreTransaction store, string collection, BsonDocument[] documents)
    {
        foreach (var document in documents)
        {
            store.Upsert(collection, document);
        }

        return documents.Length;
    }
}
