namespace StructCore.Edge.Simulation.Line;

/// <summary>One part in front of the camera.</summary>
/// <param name="PartId">Its serial number.</param>
/// <param name="Recipe">The category; null leaves it to the routing.</param>
/// <param name="Reply">Ask for the verdict on a response topic of the PLC's own, with correlation data.</param>
internal sealed record PartRequest(string PartId, string? Recipe = null, bool Reply = false);
