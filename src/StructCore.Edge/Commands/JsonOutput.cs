using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace StructCore.Edge.Commands;

/// <summary>Results as a JSON file: snake_case, indented, without what is null; what is one of several by its name, in kebab-case as in a bank's manifest.</summary>
internal static class JsonOutput
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    public static string Format<T>(T result) => JsonSerializer.Serialize(result, Options) + "\n";

    /// <summary>What <see cref="Write{T}"/> wrote, read again.</summary>
    /// <exception cref="JsonException">Not of this form.</exception>
    public static T Parse<T>(JsonDocument json)
        where T : class => json.Deserialize<T>(Options) ?? throw new JsonException("It is null.");

    /// <summary>Writes the file; makes its folder where it is missing.</summary>
    public static void Write<T>(string path, T result)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, Format(result));
    }
}
