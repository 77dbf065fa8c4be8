namespace StructCore.Edge.Telemetry;

/// <summary>One part of a station's self-check.</summary>
/// <param name="Name">Snake case: <c>inspection_loop</c>, <c>camera</c>, <c>store</c>.</param>
/// <param name="Failure">What is wrong; null where it passes.</param>
/// <param name="Restart">Whether a restart of the agent could mend it: only then may a watchdog act on it.</param>
internal sealed record SelfCheckItem(string Name, string? Failure, bool Restart);
