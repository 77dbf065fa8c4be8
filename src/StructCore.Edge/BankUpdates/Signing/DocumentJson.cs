using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using StructCore.Edge.Verdicts;

namespace StructCore.Edge.BankUpdates.Signing;

/// <summary>The JSON of everything that is signed or carries signatures: snake_case, and exactly the members it should have, once each.</summary>
internal static class DocumentJson
{
    private const int MaxDepth = 16;
    private const int LongestReason = 500;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = MaxDepth,
        Converters = { new UtcTimeConverter(), new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };

    /// <param name="subject">What is read, for the message.</param>
    /// <param name="limit">More bytes than these are not even looked at.</param>
    /// <exception cref="UpdateRefusedException">Too large, or not <typeparamref name="T"/>.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> json, string subject, int limit)
    {
        if (json.Length > limit)
        {
            throw new UpdateRefusedException(UpdateRefusal.TooLarge, $"{subject} has {json.Length} bytes, at most {limit} are taken. Make it anew with structcore.");
        }

        try
        {
            return JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw Malformed(subject, e.Message, e);
        }
    }

    public static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    /// <summary>The <c>type</c> of a payload; null where it is no object with one.</summary>
    public static string? TypeOf(ReadOnlyMemory<byte> payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Half a surrogate pair is valid JSON, but no text.
            return null;
        }
    }

    /// <exception cref="UpdateRefusedException">Where <paramref name="holds"/> is false.</exception>
    public static void Require(bool holds, string subject, string reason)
    {
        if (!holds)
        {
            throw Malformed(subject, reason, null);
        }
    }

    public static bool IsSha256(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);

    /// <summary>Text that may stand in a log line.</summary>
    public static bool IsText(string text, int longest) => text.Length > 0 && text.Length <= longest && !text.Any(char.IsControl);

    // A stranger may have written what the reason quotes: it must not fill a log, or look like another line of it.
    private static UpdateRefusedException Malformed(string subject, string reason, Exception? inner) =>
        new(UpdateRefusal.Malformed, $"{subject} is not as it should be: {string.Concat(reason.Take(LongestReason).Select(c => char.IsControl(c) ? '?' : c))} Make it anew with structcore.", inner);
}
