using System.Text.Json;

namespace StructCore.Tests;

/// <summary>A message at the PLC, and when it was there by the PLC's clock.</summary>
internal sealed record Arrival(string Topic, JsonElement Body, TimeSpan At);
