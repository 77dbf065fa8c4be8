namespace StructCore.Edge.Storage;

/// <summary>How a store file is, found out without changing it and while an agent may use it.</summary>
/// <param name="Damage">What is damaged in the file; empty where nothing is.</param>
/// <param name="Ledger">Null where the file is too damaged to walk it.</param>
internal sealed record StoreExamination(string Path, long Bytes, int Unanswered, IReadOnlyList<string> Damage, LedgerReport? Ledger)
{
    public bool Sound => Damage.Count == 0 && Ledger is { Intact: true };

    /// <summary>Reads the whole file: some seconds for a million records.</summary>
    /// <exception cref="InspectionStoreException">There is no such store, or it cannot be opened.</exception>
    public static StoreExamination Run(AdapterSet adapters, string path, CancellationToken cancellationToken)
    {
        using var store = adapters.ReadStore(path);
        var (bytes, damage) = (store.SizeBytes(), store.FindDamage());
        return damage.Count > 0
            ? new(path, bytes, 0, damage, null)
            : new(path, bytes, store.Unanswered().Count, damage, LedgerVerifier.Verify(store, cancellationToken));
    }
}
