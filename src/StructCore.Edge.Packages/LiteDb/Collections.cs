using LiteDB;

namespace StructCore.Edge.Packages.LiteDb;

/// <summary>LiteDB's collections of the store, and how they are read.</summary>
internal static class Collections
{
    /// <summary>One document: the agent's epoch, the ledger's ends, the last number of everything that is numbered.</summary>
    public const string Agent = "agent";

    /// <summary>Triggers without a verdict, numbered as they came.</summary>
    public const string Accepted = "accepted";

    /// <summary>Completed records by their sequence number.</summary>
    public const string Record = "record";

    /// <summary>Sequence numbers that wait for the broker, with their station.</summary>
    public const string Outbox = "outbox";

    public const string Evidence = "evidence";

    public const string Calibration = "calibration";

    public const string Standing = "bank_standing";

    public const string Event = "bank_event";

    public const string Trust = "trust";

    public static BsonDocument Numbers(this LiteDatabase database) => database.GetCollection(Agent).FindById(1);

    /// <summary>By a field with an index; the values are no part of the expression, of which LiteDB keeps every one it ever saw.</summary>
    public static IEnumerable<BsonDocument> By(this LiteDatabase database, string collection, string field, BsonValue value) =>
        database.GetCollection(collection).Find(BsonExpression.Create($"{field} = @0", value));

    /// <summary>Documents behind an id, in the order of their ids.</summary>
    public static IEnumerable<BsonDocument> After(this LiteDatabase database, string collection, long id, int limit) =>
        database.GetCollection(collection).Query().Where("_id > @0", id).OrderBy("_id").Limit(limit).ToEnumerable();

    /// <summary>Reads every document: those of which collection cannot be read.</summary>
    public static IReadOnlyList<string> Unreadable(LiteDatabase database)
    {
        var found = new List<string>();
        foreach (var collection in database.GetCollectionNames().ToList())
        {
            try
            {
                _ = database.GetCollection(collection).FindAll().Count();
            }
            catch (LiteException e)
            {
                found.Add($"collection '{collection}': {e.Message}");
            }
        }

        return found;
    }
}
