using System.Text.Json;

namespace StructCore.Edge.Triggers;

/// <summary>Bytes of a <c>trigger</c> message to a request.</summary>
internal static class TriggerParser
{
    public const int MaxPayloadBytes = 64 * 1024;
    public const int MaxTextLength = 256;
    public const int MinDeadlineMs = 100;
    public const int MaxDeadlineMs = 60_000;

    /// <exception cref="InvalidTriggerException">Not a trigger as the contract has it.</exception>
    public static TriggerRequest Parse(ReadOnlyMemory<byte> payload)
    {
        if (payload.Length > MaxPayloadBytes)
        {
            throw new InvalidTriggerException($"payload_too_large: {payload.Length} bytes, at most {MaxPayloadBytes}");
        }

        try
        {
            using var document = JsonDocument.Parse(payload);
            return Read(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new InvalidTriggerException($"malformed_json: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}");
        }
    }

    private static TriggerRequest Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidTriggerException($"malformed_json: a trigger is an object, got {Name(root.ValueKind)}");
        }

        string? epoch = null, id = null;
        try
        {
            id = Token(root, "trigger_id");
            epoch = Token(root, "plc_epoch");
            return new TriggerRequest(epoch, id, Text(root, "part_id"), Text(root, "recipe"), Text(root, "camera"), Deadline(root));
        }
        catch (InvalidTriggerException e)
        {
            throw new InvalidTriggerException(e.Message, epoch, id);
        }
    }

    private static string Token(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            throw new InvalidTriggerException($"missing_{name}: every trigger carries '{name}'");
        }

        var empty = value.ValueKind == JsonValueKind.String && Readable(value, name).Length == 0;
        if (empty || value.ValueKind is not (JsonValueKind.String or JsonValueKind.Number) || value.GetRawText().Length > MaxTextLength)
        {
            throw new InvalidTriggerException($"invalid_{name}: a string or number of 1 to {MaxTextLength} characters is expected");
        }

        return value.GetRawText();
    }

    private static string? Text(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String || Readable(value, name) is not { Length: > 0 and <= MaxTextLength } text || text.Any(char.IsControl))
        {
            throw new InvalidTriggerException($"invalid_{name}: a string of 1 to {MaxTextLength} characters is expected, none of them a control character");
        }

        return text;
    }

    private static TimeSpan? Deadline(JsonElement root)
    {
        if (!root.TryGetProperty("deadline_ms", out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var milliseconds) || milliseconds is < MinDeadlineMs or > MaxDeadlineMs)
        {
            throw new InvalidTriggerException($"invalid_deadline_ms: a whole number of {MinDeadlineMs} to {MaxDeadlineMs} is expected");
        }

        return TimeSpan.FromMilliseconds(milliseconds);
    }

    // Half a surrogate pair is valid JSON, but no text.
    private static string Readable(JsonElement value, string name)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new InvalidTriggerException($"invalid_{name}: not a valid Unicode string");
        }
    }

    private static string Name(JsonValueKind kind) => kind is JsonValueKind.True or JsonValueKind.False ? "a boolean" : kind.ToString().ToLowerInvariant();
}
