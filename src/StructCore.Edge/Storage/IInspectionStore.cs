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

    /// <summary>Triggers that were accepted and have no verdict, oldest first: what a crash left behind.</summary>
    IReadOnlyList<AcceptedTrigger> Unanswered();

    /// <summary>Stores inspection and verdict, not yet delivered, and puts the record into the outbox, in one transaction.</summary>
    /// <returns>The record as stored, with its sequence number.</returns>
    /// <exception cref="InspectionStoreException">Not stored: disk full, file lost, trigger never accepted or already answered.</exception>
    InspectionRecord Complete(InspectionRecord record);

    /// <summary>Records that wait for the broker's acknowledgement on <c>results</c>, in the order of their sequence numbers: those of one station, or all.</summary>
    IReadOnlyList<InspectionRecord> Outbox(int limit, string? station = null);

    /// <summary>Notes whether the verdict itself reached the broker in time. Later reads show it.</summary>
    void MarkDelivered(long sequence);

    /// <summary>Takes a record out of the outbox: the broker has it. Once more does nothing.</summary>
    void Acknowledge(long sequence);

    /// <summary>Records which calibration a bank version decides with; the history stays.</summary>
    void SaveCalibration(StoredCalibration calibration);

    /// <summary>All calibrations ever recorded for a category, newest first.</summary>
    IReadOnlyList<StoredCalibration> Calibrations(string category);

    /// <summary>Writes to the disk, and throws where that fails. As dear as any other write.</summary>
    /// <exception cref="InspectionStoreException">The file cannot be written; the message names it and the remedy.</exception>
    void Check();
}
