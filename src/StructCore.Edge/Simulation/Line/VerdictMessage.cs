using System.Text.Json;

namespace StructCore.Edge.Simulation.Line;

/// <summary>The part of a <c>verdict</c> body that a PLC reads.</summary>
internal sealed record VerdictMessage(string Decision, string? Reason, double? Score, double? Threshold, string? Category, long AgentEpoch, long Sequence)
{
    /// <summary>Null where a field every verdict carries is missing or of the wrong kind.</summary>
    public static VerdictMessage? Read(JsonElement body) =>
        Text(body, "verdict") is { } decision && Number(body, "agent_epoch") is { } epoch && Number(body, "seq") is { } sequence
            ? new VerdictMessage(decision, Text(body, "reason"), Number(body, "score"), Number(body, "threshold"), Text(body, "category"), (long)epoch, (long)sequence)
            : null;

    public static string? Text(JsonElement body, string name) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static double? Number(JsonElement body, string name) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
