namespace StructCore.Tests.Features;

/// <summary>Weights of a DINOv2 of a few thousand parameters, random but for the layer norms.</summary>
internal static class TinyDinoV2
{
    public const int Width = 8;
    public const int Heads = 2;
    public const int Depth = 12;
    private const int MlpWidth = 16;
    private const int Side = 4;

    public static SafetensorsWriter Create(int depth = Depth, int registers = 0, string prefix = "")
    {
        var random = new Random(1);
        var writer = new SafetensorsWriter();
        void Add(string name, params long[] shape) =>
            writer.Add(prefix + name, [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => name.Contains("norm") ? 1f : (float)(random.NextDouble() - 0.5))], shape);

        Add("embeddings.cls_token", 1, 1, Width);
        Add("embeddings.mask_token", 1, Width);
        Add("embeddings.position_embeddings", 1, 1 + (Side * Side), Width);
        Add("embeddings.patch_embeddings.projection.weight", Width, 3, 14, 14);
        Add("embeddings.patch_embeddings.projection.bias", Width);
        if (registers > 0)
        {
            Add("embeddings.register_tokens", 1, registers, Width);
        }

        for (var block = 0; block < depth; block++)
        {
            var name = $"encoder.layer.{block}";
            foreach (var part in (string[])["attention.attention.query", "attention.attention.key", "attention.attention.value", "attention.output.dense"])
            {
                Add($"{name}.{part}.weight", Width, Width);
                Add($"{name}.{part}.bias", Width);
            }

            Add($"{name}.mlp.fc1.weight", MlpWidth, Width);
            Add($"{name}.mlp.fc1.bias", MlpWidth);
            Add($"{name}.mlp.fc2.weight", Width, MlpWidth);
            foreach (var part in (string[])["mlp.fc2.bias", "norm1.weight", "norm1.bias", "norm2.weight", "norm2.bias", "layer_scale1.lambda1", "layer_scale2.lambda1"])
            {
                Add($"{name}.{part}", Width);
            }
        }

        Add("layernorm.weight", Width);
        Add("layernorm.bias", Width);
        return writer;
    }
}
