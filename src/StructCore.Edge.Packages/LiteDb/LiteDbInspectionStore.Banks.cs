using LiteDB;
using StructCore.Edge.Storage;

namespace StructCore.Edge.Packages.LiteDb;

/// <content>Which bank each station decides with, and how that came about.</content>
internal sealed partial class LiteDbInspectionStore
{
    public IReadOnlyList<BankStanding> BankStandings() => Read("listing the banks of the stations", store =>
        store.GetCollection(Collections.Standing).FindAll().Select(BankDocuments.Standing).OrderBy(s => s.Station, StringComparer.Ordinal).ThenBy(s => s.Category, StringComparer.Ordinal).ToList());

    public void SaveStanding(BankStanding standing, BankEvent? because) => Write("storing the bank of a station", store =>
    {
        store.Upsert(Collections.Standing, BankDocuments.Of(standing));
        return because is null ? 0 : AddEvent(store, because);
    });

    public void AddBankEvent(BankEvent happened) => Write("storing a line of bank history", store => AddEvent(store, happened));

    public IReadOnlyList<BankEvent> BankEvents(string? station, string? category, int limit) => Read("reading the bank history", store =>
        store.GetCollection(Collections.Event).Query().OrderByDescending("_id").ToEnumerable().Select(BankDocuments.Event)
            .Where(e => (station is null || e.Station == station) && (category is null || e.Category == category)).Take(limit).ToList());

    public string? TrustDocument() => Read("reading the trust document", store => store.GetCollection(Collections.Trust).FindById(1)?.Text("document"));

    public void SaveTrustDocument(string document, BankEvent because) => Write("storing a trust document", store =>
    {
        store.Upsert(Collections.Trust, new BsonDocument { ["_id"] = 1 }.With("document", document));
        return AddEvent(store, because);
    });

    private static long AddEvent(StoreTransaction store, BankEvent happened)
    {
        happened = happened with { Id = store.Next("last_event") };
        var document = BankDocuments.Of(happened);
        store.Insert(Collections.Event, document);

        // Whoever may write to a topic may have updates refused for ever: they push out each other, and nothing else.
        var alike = store.Database.By(Collections.Event, Documents.Key, document[Documents.Key]).Select(e => e["_id"].AsInt64).ToList();
        foreach (var id in alike.OrderDescending().Skip(BankEvent.Kept))
        {
            store.Delete(Collections.Event, id);
        }

        return happened.Id;
    }
}
