using LiteDB;

namespace StructCore.Edge.Packages.LiteDb;

/// <summary>What an operation changes, within one transaction of LiteDB; it knows whether anything is to be written.</summary>
internal sealed class StoreTransaction(LiteDatabase database)
{
    private BsonDocument? _agent;

    public LiteDatabase Database => database;

    public bool Changed { get; private set; }

    /// <summary>The document of numbers that go on for ever: changes to it are stored with the first other change.</summary>
    public BsonDocument Agent => _agent ??= database.Numbers();

    /// <summary>The next number of those under this name.</summary>
    public long Next(string name)
    {
        var next = Agent[name].AsInt64 + 1;
        Agent[name] = next;
        return next;
    }

    public void Insert(string collection, BsonDocument document)
    {
        database.GetCollection(collection).Insert(document);
        Changed = true;
    }

    /// <summary>Puts a document in place of the one with its id, or adds it.</summary>
    public void Upsert(string collection, BsonDocument document)
    {
        database.GetCollection(collection).Upsert(document);
        Changed = true;
    }

    /// <returns>False where there is none.</returns>
    public bool Delete(string collection, BsonValue id)
    {
        var deleted = database.GetCollection(collection).Delete(id);
        Changed |= deleted;
        return deleted;
    }

    /// <summary>Stores the agent's numbers where they were asked for and something has changed.</summary>
    public void End()
    {
        if (_agent is not null && Changed)
        {
            Upsert(Collections.Agent, _agent);
        }
    }

    /// <summary>Changes the agent's numbers alone.</summary>
    public void Touch() => Changed = true;
}
