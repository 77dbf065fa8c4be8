using System.Text.Json.Serialization;
using StructCore.Edge.Triggers;

namespace StructCore.Edge.Verdicts;

/// <summary>Body of <c>ack</c>.</summary>
internal sealed record AckBody(
    [property: JsonConverter(typeof(JsonTokenConverter))] string? PlcEpoch,
    [property: JsonConverter(typeof(JsonTokenConverter))] string? TriggerId,
    AckStatus Status,
    string? Reason);
