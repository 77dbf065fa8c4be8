namespace StructCore.Edge.Triggers;

/// <summary>A message on <c>trigger</c> as it came off the bus.</summary>
/// <param name="ReceivedAt">When the bus handed it over, UTC.</param>
/// <param name="Timestamp">The same moment on the monotonic clock.</param>
/// <param name="LongestAge">How long the broker may have kept it while the agent was away; zero: it is fresh.</param>
internal sealed record ReceivedTrigger(BusMessage Message, DateTimeOffset ReceivedAt, long Timestamp, TimeSpan LongestAge);
