using System.Text.Encodings.Web;
using System.Text.Json;
using StructCore.Edge.Storage;

namespace StructCore.Edge.Replay;

/// <summary>Which verdict to replay. Trigger id and PLC epoch are JSON tokens as they came (<c>7</c>, <c>"a"</c>) or plain text (<c>a</c>); the latter two choose where several records have the trigger id.</summary>
internal sealed record ReplayRequest(string TriggerId, string? PlcEpoch = null, string? Station = null)
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public IReadOnlyList<InspectionRecord> Find(IInspectionStore store) =>
    [
        .. Tokens(TriggerId).SelectMany(store.FindByTriggerId)
            .Where(r => Station is null || r.Trigger.Station == Station)
            .Where(r => PlcEpoch is null || Tokens(PlcEpoch).Contains(r.Trigger.PlcEpoch)),
    ];

    /// <summary>All a text may mean: a token as it stands, or a string, with or without escapes.</summary>
    private static IEnumerable<string> Tokens(string text) =>
        new[] { IsToken(text) ? text : null, JsonSerializer.Serialize(text, Relaxed), JsonSerializer.Serialize(text) }.OfType<string>().Distinct(StringComparer.Ordinal);

    private static bool IsToken(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind is JsonValueKind.String or JsonValueKind.Number;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
