using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace StructCore.Vision.Features;

/// <summary>The sidecar <c>NAME.json</c> beside <c>NAME.onnx</c>: a <see cref="BackboneManifest"/> in snake_case JSON with a <c>format</c> number.</summary>
public static class BackboneManifestFile
{
    /// <summary>The format this version writes and the newest it reads.</summary>
    public const int Format = 1;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Path of the sidecar of an ONNX file.</summary>
    public static string PathFor(string onnxPath) => Path.ChangeExtension(onnxPath, ".json");

    /// <summary>Writes the sidecar of <paramref name="onnxPath"/>, in full or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string onnxPath, BackboneManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var json = new JsonObject { ["format"] = Format };
        foreach (var (key, value) in JsonSerializer.SerializeToNode(manifest, Json)!.AsObject().ToArray())
        {
            json[key] = value?.DeepClone();
        }

        AtomicFile.Write(PathFor(onnxPath), stream => stream.Write(Encoding.UTF8.GetBytes(json.ToJsonString(Json) + "\n")));
    }

    /// <summary>Reads and checks the sidecar of <paramref name="onnxPath"/>. The ONNX file's own hash is checked when it is loaded.</summary>
    /// <exception cref="InvalidBackboneException">ONNX file or sidecar missing, of a newer format, or not describing a usable backbone.</exception>
    public static BackboneManifest Read(string onnxPath)
    {
        var path = PathFor(onnxPath);
        if (!File.Exists(onnxPath))
        {
            throw new InvalidBackboneException($"Backbone '{onnxPath}' does not exist. 'structcore backbone list' shows what is there.");
        }

        if (!File.Exists(path))
        {
            throw new InvalidBackboneException($"Backbone '{onnxPath}' has no sidecar '{path}'. Import it with 'structcore backbone import' or 'structcore backbone resnet', which write both.");
        }

        try
        {
            var json = JsonNode.Parse(File.ReadAllBytes(path))?.AsObject() ?? throw new JsonException("it is null.");
            var format = json["format"]?.GetValue<int>();
            if (format is not Format)
            {
                throw new InvalidBackboneException($"Sidecar '{path}' has format {format?.ToString() ?? "none"}; this version reads {Format}. Import the backbone again, or update StructCore.Edge.");
            }

            json.Remove("format");
            var manifest = json.Deserialize<BackboneManifest>(Json)!;
            Check(path, manifest);
            return manifest;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidBackboneException($"Sidecar '{path}' cannot be read: {e.Message} Import the backbone again.", e);
        }
    }

    private static void Check(string path, BackboneManifest manifest)
    {
        void Require(bool condition, string key, object? found, string expected)
        {
            if (!condition)
            {
                throw new InvalidBackboneException($"Sidecar '{path}': '{key}' is {found ?? "absent"}, expected {expected}. Import the backbone again.");
            }
        }

        var name = Path.GetFileNameWithoutExtension(path);
        Require(manifest.Name == name, "name", $"'{manifest.Name}'", $"'{name}' like the file; banks name their backbone by it");
        Require(manifest.Crop is > 0 and <= 4096, "crop", manifest.Crop, "1 to 4096");
        Require(manifest.Resize >= manifest.Crop && manifest.Resize <= 4096, "resize", manifest.Resize, $"crop ({manifest.Crop}) to 4096");
        Require(manifest.Mean.Count == 3 && manifest.Mean.All(float.IsFinite), "mean", $"[{string.Join(", ", manifest.Mean)}]", "three numbers");
        Require(manifest.Std.Count == 3 && manifest.Std.All(s => s > 0 && float.IsFinite(s)), "std", $"[{string.Join(", ", manifest.Std)}]", "three numbers above 0");
        Require(manifest.Grid is > 0 and <= 1024, "grid", manifest.Grid, "1 to 1024");
        Require(manifest.Width is > 0 and <= 1 << 16, "width", manifest.Width, "1 to 65536");
        Require(manifest.Sha256.Length == 64 && manifest.Sha256.All(char.IsAsciiHexDigitLower), "sha256", $"'{manifest.Sha256}'", "64 lower-case hex digits");
    }
}
