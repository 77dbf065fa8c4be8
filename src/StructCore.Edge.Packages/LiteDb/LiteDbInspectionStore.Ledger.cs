using StructCore.Edge.Storage;

namespace StructCore.Edge.Packages.LiteDb;

/// <content>The chain of records.</content>
internal sealed partial class LiteDbInspectionStore
{
    public IReadOnlyList<InspectionRecord> FindByTriggerId(string triggerId) => Read("finding the verdicts of a trigger id", store =>
        store.By(Collections.Record, Documents.TriggerKey, Documents.Hash(triggerId)).Select(Documents.Record).OrderByDescending(r => r.Sequence).ToList());

    public IReadOnlyList<InspectionRecord> Records(long after, int limit) => Read("reading records", store =>
        store.After(Collections.Record, after, limit).Select(Documents.Record).ToList());

    public LedgerState Ledger() => Read("reading the ledger's ends", store =>
    {
        var agent = store.Numbers();
        return new LedgerState(agent["ledger_after"].AsInt64, agent.Text("ledger_after_hash")!, agent["last_sequence"].AsInt64, agent.Text("last_hash")!);
    });
}
