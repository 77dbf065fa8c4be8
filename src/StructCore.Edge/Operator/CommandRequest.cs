using System.Text.Json;

namespace StructCore.Edge.Operator;

/// <summary>A command somebody waits for.</summary>
/// <param name="Arguments">A JSON object; empty where the message was.</param>
internal sealed record CommandRequest(string Name, JsonElement Arguments, string ResponseTopic, ReadOnlyMemory<byte> CorrelationData);
