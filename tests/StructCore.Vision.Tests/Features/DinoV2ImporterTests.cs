using StructCore.Vision.Features;

namespace StructCore.Tests.Features;

public sealed class DinoV2ImporterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Target => _folder["tiny.onnx"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, "")]
    [InlineData(4, "")]
    [InlineData(0, "dinov2.")]
    public void Import_OfTinyWeights_LoadsAndDescribesItself(int registers, string prefix)
    {
        var weights = TinyDinoV2.Create(registers: registers, prefix: prefix).Save(_folder["model.safetensors"]);

        var written = DinoV2Importer.Import(weights, Target, new DinoV2ImportOptions { Heads = TinyDinoV2.Heads });
        using var extractor = OnnxFeatureExtractor.Open(Target);

        Assert.Equivalent(written, extractor.Backbone, strict: true);
        Assert.Equal(("tiny", "dinov2", 448, 392, 28, 512), (written.Name, written.Family, written.Resize, written.Crop, written.Grid, written.Width));
        Assert.Equal(["-1", "-3", "-6", "-9", "-12"], written.Layers);
        var features = extractor.ExtractNormalised(new float[3 * 392 * 392]);
        Assert.Equal((784, 512), (features.Rows, features.Width));
        Assert.Equal(TinyDinoV2.Width, extractor.Run(new float[3 * 392 * 392], 1, "cls").Length);
    }

    [Fact]
    public void Import_WithAConfiguration_TakesItsHeads()
    {
        var weights = TinyDinoV2.Create().Save(_folder["model.safetensors"]);
        var cls = new List<float[]>();
        foreach (var heads in (int[])[1, 4])
        {
            File.WriteAllText(_folder["config.json"], $$"""{ "num_attention_heads": {{heads}}, "hidden_size": {{TinyDinoV2.Width}} }""");
            DinoV2Importer.Import(weights, Target);
            using var extractor = OnnxFeatureExtractor.Open(Target);
            cls.Add(extractor.Run(new float[3 * 392 * 392], 1, "cls"));
        }

        Assert.NotEqual(cls[0], cls[1]);
    }

    [Theory]
    [InlineData("""{ "num_attention_heads": 4 }""", "4 attention heads, but 2 were asked for")]
    [InlineData("""{ "hidden_size": 768 }""", "says 768")]
    [InlineData("""{ "num_attention_heads": "many" }""", "config.json")]
    [InlineData("{", "config.json")]
    public void Import_WithAConfigurationThatDoesNotFit_SaysSo(string configuration, string message)
    {
        File.WriteAllText(_folder["config.json"], configuration);

        AssertRefused(TinyDinoV2.Create(), TinyDinoV2.Heads, message);
    }

    [Fact]
    public void Import_WithoutHeads_AsksForThemWhereWidthIsNoMultipleOf64() => AssertRefused(TinyDinoV2.Create(), null, "give --heads");

    [Fact]
    public void Import_OfHeadsThatDoNotDivide_SaysSo() => AssertRefused(TinyDinoV2.Create(), 3, "which 3 attention heads do not divide");

    [Fact]
    public void Import_OfTooFewBlocks_SaysHowMany() => AssertRefused(TinyDinoV2.Create(depth: 11), TinyDinoV2.Heads, "hold 11 transformer blocks, expected at least 12");

    [Fact]
    public void Import_OfTheGiant_NamesWhatIsSupported() =>
        AssertRefused(TinyDinoV2.Create().Add("encoder.layer.0.mlp.weights_in.weight", new float[8], 8), TinyDinoV2.Heads, "SwiGLU");

    [Theory]
    [InlineData("embeddings.cls_token")]
    [InlineData("embeddings.position_embeddings")]
    [InlineData("embeddings.patch_embeddings.projection.bias")]
    [InlineData("encoder.layer.7.attention.attention.key.bias")]
    [InlineData("encoder.layer.3.layer_scale2.lambda1")]
    [InlineData("encoder.layer.0.mlp.fc1.weight")]
    [InlineData("layernorm.weight")]
    public void Import_OfAMissingTensor_NamesIt(string name)
    {
        AssertRefused(TinyDinoV2.Create().Remove(name), TinyDinoV2.Heads, $"no tensor '{name}'");
        AssertRefused(TinyDinoV2.Create().Remove(name).Add(name, new float[3], 3), TinyDinoV2.Heads, $"tensor '{name}' of shape [3]");
    }

    [Fact]
    public void Import_OfPositionsThatAreNoSquare_SaysHowMany() =>
        AssertRefused(TinyDinoV2.Create().Remove("embeddings.position_embeddings").Add("embeddings.position_embeddings", new float[8 * 8], 1, 8, 8), TinyDinoV2.Heads, "7 position embeddings");

    private void AssertRefused(SafetensorsWriter writer, int? heads, string message)
    {
        var weights = writer.Save(_folder["model.safetensors"]);

        var error = Assert.Throws<InvalidBackboneException>(() => DinoV2Importer.Import(weights, Target, new DinoV2ImportOptions { Heads = heads }));

        Assert.Contains(message, error.Message);
        Assert.False(File.Exists(Target));
    }
}
