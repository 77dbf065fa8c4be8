using StructCore.Edge.Storage;
using StructCore.Edge.Triggers;

namespace StructCore.Edge.Verdicts;

/// <summary>A verdict that was handed to the broker, and whether it took it in time.</summary>
/// <param name="Record">Sequence number 0 where the store failed: told to the PLC, stored later.</param>
/// <param name="Pending">Whose promise this keeps; null where that was done before the record could be stored.</param>
/// <param name="InTime">Ends with the broker's acknowledgement or the deadline, whichever is first.</param>
internal sealed record Delivery(InspectionRecord Record, PendingInspection? Pending, Task<bool> InTime);
