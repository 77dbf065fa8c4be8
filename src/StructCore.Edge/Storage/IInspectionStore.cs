namespace StructCore.Edge.Storage;

/// <summary>Seam: what the station must not forget. Thread-safe; every write is on disk when the call returns.</summary>
public interface IInspectionStore : IDisposable
{
    /// <summary>A number that grows with every start of the agent, taken and stored by this call.</summary>
    long NextAgentEpoch();

    /// <summary>Records a trigger as accepted. False, and nothing recorded, where this station knows (plc epoch, trigger id) already.</summary>
    bool TryAccept(AcceptedTrigger trigger);

    /// <summary>The verdict of a trigger, or null where it has none (yet).</summary>
    InspectionRecord? Find(string station, string plcEpoch, string triggerId);

    /// <summary>All records of a trigger id (a JSON token), whatever its station and PLC epoch, newest first.</summary>
    IReadOnlyList<InspectionRecord> FindByTriggerId(string triggerId);

    /// <summary>Triggers that were accepted and have no verdict, oldest first: what a crash left behind.</summary>
    IReadOnlyList<AcceptedTrigger> Unanswered();

    /// <summary>Stores inspection and verdict, not yet delivered, and puts the record into the outbox, in one transaction.</summary>
    /// <returns>The record as stored, with its sequence number.</returns>
    /// <exception cref="InspectionStoreException">Not stored: disk full, file lost, trigger never accepted or already answered.</exception>
    InspectionRecord Complete(InspectionRecord record);

    /// <summary>Records that wait for the broker's acknowledgement on <c>results</c>, in the order of their sequence numbers: those of one station, or all.</summary>
    IReadOnlyList<InspectionRecord> Outbox(int limit, string? station = null);

    /// <summary>How many records wait for the broker's acknowledgement, of all stations.</summary>
    long OutboxSize();

    /// <summary>Notes, in one transaction, that these verdicts themselves reached the broker in time. Later reads show it.</summary>
    void MarkDelivered(IReadOnlyCollection<long> sequences);

    /// <summary>Takes records out of the outbox, in one transaction: the broker has them. Once more does nothing.</summary>
    void Acknowledge(IReadOnlyCollection<long> sequences);

    /// <summary>Completed records with a sequence number above <paramref name="after"/>, in order.</summary>
    IReadOnlyList<InspectionRecord> Records(long after, int limit);

    /// <summary>Between what the chain of records must lie.</summary>
    LedgerState Ledger();

    /// <summary>
    /// Deletes the oldest completed records, at most <paramref name="limit"/>, gives their space back and moves the ledger's beginning behind them.
    /// Ends before the first one that was decided at this moment or later, waits in the outbox, or has evidence.
    /// </summary>
    /// <returns>How many were deleted.</returns>
    int Prune(DateTimeOffset decidedBefore, int limit);

    /// <summary>Bytes the store takes on the disk, its log included.</summary>
    long SizeBytes();

    /// <summary>Reads the whole store: what is damaged in it, some findings at most; empty where nothing is.</summary>
    IReadOnlyList<string> FindDamage();

    /// <summary>Writes a complete copy while the store is in use; the copy appears under its name only once it is whole. An agent that goes on from it takes an epoch no agent had before.</summary>
    /// <exception cref="InspectionStoreException">The target exists or cannot be written.</exception>
    void Backup(string path);

    /// <summary>Records an image that was written; returns it with its id.</summary>
    EvidenceFile AddEvidence(EvidenceFile file);

    /// <summary>The images of one record.</summary>
    IReadOnlyList<EvidenceFile> Evidence(long sequence);

    /// <summary>The images that were written first, of all records.</summary>
    IReadOnlyList<EvidenceFile> OldestEvidence(int limit);

    /// <summary>Forgets images whose files were deleted, in one transaction.</summary>
    void RemoveEvidence(IReadOnlyCollection<long> ids);

    /// <summary>Bytes of all images on record.</summary>
    long EvidenceBytes();

    /// <summary>Records which calibration a bank version decides with; the history stays.</summary>
    void SaveCalibration(StoredCalibration calibration);

    /// <summary>All calibrations ever recorded for a category, newest first.</summary>
    IReadOnlyList<StoredCalibration> Calibrations(string category);

    /// <summary>What every station decides with, categories that were never updated aside.</summary>
    IReadOnlyList<BankStanding> BankStandings();

    /// <summary>Stores a standing in place of the one of its station and category, and what led to it, in one transaction.</summary>
    void SaveStanding(BankStanding standing, BankEvent? because);

    /// <summary>Adds a line to a station's bank history; the newest <see cref="BankEvent.Kept"/> of each kind stay.</summary>
    void AddBankEvent(BankEvent happened);

    /// <summary>A station's bank history, newest first; all stations where <paramref name="station"/> is null, all categories where <paramref name="category"/> is.</summary>
    IReadOnlyList<BankEvent> BankEvents(string? station, string? category, int limit);

    /// <summary>The signed trust document that counts, as JSON; null: the configured one.</summary>
    string? TrustDocument();

    /// <summary>Stores the trust document that counts from now on, and the line of history about it, in one transaction.</summary>
    void SaveTrustDocument(string document, BankEvent because);

    /// <summary>Writes to the disk, and throws where that fails. Called every few seconds: upkeep that no verdict should wait for is done here as well.</summary>
    /// <exception cref="InspectionStoreException">The file cannot be written; the message names it and the remedy.</exception>
    void Check();
}
