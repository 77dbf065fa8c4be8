using System.Text.Json;
using System.Text.RegularExpressions;

namespace StructCore.Vision.Features;

/// <summary>The weights of a DINOv2 model in Hugging Face naming, and the sizes that follow from them.</summary>
internal sealed partial class DinoV2Weights : IDisposable
{
    /// <summary>Side of a patch in pixels.</summary>
    public const int Patch = 14;

    private readonly SafetensorsFile _file;
    private readonly string _path;

    /// <summary>What stands before every name: nothing, or the model's name where it was saved inside another one.</summary>
    private readonly string _prefix;

    public DinoV2Weights(string path, int? heads)
    {
        _path = path;
        _file = SafetensorsFile.Open(path);
        try
        {
            const string ClassToken = "embeddings.cls_token";
            _prefix = _file.Names.FirstOrDefault(n => n.EndsWith(ClassToken, StringComparison.Ordinal))?[..^ClassToken.Length] ?? "";
            Width = (int)Shape(ClassToken, 3)[2];
            Registers = Contains("embeddings.register_tokens") ? (int)Shape("embeddings.register_tokens", 3)[1] : 0;
            Depth = _file.Names.Select(n => BlockName().Match(n)).Where(m => m.Success).Select(m => int.Parse(m.Groups[1].Value)).Distinct().Count();
            if (Contains("encoder.layer.0.mlp.weights_in.weight"))
            {
                throw Bad("are of a model with SwiGLU blocks (DINOv2 giant), which is not supported. Take dinov2-small, dinov2-base or dinov2-large");
            }

            var positions = Shape("embeddings.position_embeddings", 3)[1] - 1;
            Side = (int)Math.Round(Math.Sqrt(positions));
            if (Width <= 0 || Side < 2 || (long)Side * Side != positions)
            {
                throw Bad($"hold {positions} position embeddings of width {Width} beside the class token's; expected a square grid such as 37 x 37");
            }

            MlpWidth = (int)Shape("encoder.layer.0.mlp.fc1.weight", 2)[0];
            Heads = ChooseHeads(heads);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>Transformer blocks.</summary>
    public int Depth { get; }

    /// <summary>Values per token, d.</summary>
    public int Width { get; }

    public int MlpWidth { get; }

    public int Heads { get; }

    public int Registers { get; }

    /// <summary>Side of the stored grid of position embeddings, 37.</summary>
    public int Side { get; }

    public float[] Read(string name, params ReadOnlySpan<long> shape) => _file.Read(_prefix + name, shape);

    /// <summary>A linear layer's weight, stored [out, in], as [in, out], which a MatMul takes.</summary>
    public float[] ReadTransposed(string name, int outputs, int inputs)
    {
        var stored = Read(name, outputs, inputs);
        var transposed = new float[stored.Length];
        for (var o = 0; o < outputs; o++)
        {
            for (var i = 0; i < inputs; i++)
            {
                transposed[(i * outputs) + o] = stored[(o * inputs) + i];
            }
        }

        return transposed;
    }

    public InvalidBackboneException Bad(string what) => new($"Weights '{_path}' {what}.");

    public void Dispose() => _file.Dispose();

    [GeneratedRegex(@"encoder\.layer\.(\d{1,4})\.norm1\.weight$")]
    private static partial Regex BlockName();

    private bool Contains(string name) => _file.Contains(_prefix + name);

    private IReadOnlyList<long> Shape(string name, int rank)
    {
        var shape = _file.Shape(_prefix + name);
        return shape.Count == rank && shape.All(d => d <= 1 << 20)
            ? shape
            : throw Bad($"have tensor '{_prefix + name}' of shape [{string.Join(", ", shape)}], expected {rank} dimensions of a DINOv2 model");
    }

    private int ChooseHeads(int? asked)
    {
        var configured = ReadConfiguration("num_attention_heads");
        if (asked is { } a && configured is { } c && a != c)
        {
            throw Bad($"have a config.json beside them with {c} attention heads, but {a} were asked for. Leave --heads out, or remove the config.json where it is of another model");
        }

        if (ReadConfiguration("hidden_size") is { } hidden && hidden != Width)
        {
            throw Bad($"are {Width} wide, but the config.json beside them says {hidden}: it is of another model. Put the right one there, or remove it");
        }

        var heads = asked ?? configured ?? (Width / 64);
        return heads > 0 && Width % heads == 0
            ? heads
            : throw Bad($"are {Width} wide, which {heads} attention heads do not divide. Put the model's config.json beside them, or give --heads");
    }

    private int? ReadConfiguration(string key)
    {
        var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(_path))!, "config.json");
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.TryGetProperty(key, out var value) ? value.GetInt32() : null;
        }
        catch (Exception e) when (e is IOException or JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidBackboneException($"'{path}' beside the weights cannot be read: {e.Message} Download it again, or remove it and give --heads.", e);
        }
    }
}
