namespace StructCore.Edge.Triggers;

/// <summary>A message on <c>trigger</c> as it came off the bus.</summary>
/// <param name="ReceivedAt">When the bus handed it over, UTC.</param>
/// <param name="Timestamp">The same moment on the monotonic clock.</param>
/// <param name="Backlog">The broker had kept it while the agent was away.</param>
/// <param name="SentAfter">Backlog only: no message in it is older than this; null where that is not known.</param>
internal sealed record ReceivedTrigger(BusMessage Message, DateTimeOffset ReceivedAt, long Timestamp, bool Backlog = false, DateTimeOffset? SentAfter = null);
