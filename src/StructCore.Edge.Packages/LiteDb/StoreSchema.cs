using LiteDB;
using StructCore.Edge.Storage;

namespace StructCore.Edge.Packages.LiteDb;

/// <summary>The schema of a store: what a new file gets, and whether one that is there is ours.</summary>
internal static class StoreSchema
{
    public const int Version = 1;

    private const string Application = "StructCore.Edge";

    /// <summary>Fills a new file, and checks one that is not.</summary>
    public static Func<StoreTransaction, bool> Apply(LiteDbFile file) => transaction =>
    {
        if (transaction.Database.GetCollectionNames().Any())
        {
            Check(transaction.Database, file);
            return false;
        }

        // LiteDB's indexes hold keys of up to 1023 bytes: what may be longer is found by its hash.
        Index(transaction.Database, Collections.Accepted, Documents.Key, unique: true);
        Index(transaction.Database, Collections.Record, Documents.Key, unique: true);
        Index(transaction.Database, Collections.Record, Documents.TriggerKey, unique: false);
        Index(transaction.Database, Collections.Evidence, "sequence", unique: false);
        Index(transaction.Database, Collections.Event, Documents.Key, unique: false);
        transaction.Insert(Collections.Agent, new BsonDocument
        {
            ["_id"] = 1,
            ["application"] = Application,
            ["schema"] = Version,
            ["ledger_after_hash"] = LedgerHash.Genesis,
            ["last_hash"] = LedgerHash.Genesis,
        });
        return true;
    };

    /// <exception cref="InspectionStoreException">The file is another program's, or of another version.</exception>
    public static void Check(LiteDatabase database, LiteDbFile file)
    {
        var agent = database.GetCollectionNames().Contains(Collections.Agent) ? database.Numbers() : null;
        if (agent?["application"] != Application)
        {
            throw file.OfAnotherProgram();
        }

        if (agent["schema"].AsInt32 is > Version and var version)
        {
            throw file.Newer(version, Version);
        }
    }

    private static void Index(LiteDatabase database, string collection, string field, bool unique) =>
        database.GetCollection(collection).EnsureIndex(field, $"$.{field}", unique);
}
