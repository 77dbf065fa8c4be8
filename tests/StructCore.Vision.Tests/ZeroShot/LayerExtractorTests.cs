using StructCore.Tests.Features;
using StructCore.Vision.Features;
using StructCore.Vision.ZeroShot;

namespace StructCore.Tests.ZeroShot;

public sealed class LayerExtractorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Extract_OfAResidualNetwork_GivesTheStagesWithoutTheMean()
    {
        using var whole = OnnxFeatureExtractor.Open(SharedFiles.EmbeddedBackbone);
        using var layers = LayerExtractor.Open(SharedFiles.EmbeddedBackbone);
        var pixels = Pixels(whole.Backbone);

        var (features, tokens) = (whole.ExtractNormalised(pixels), layers.ExtractNormalised(pixels));

        Assert.Equal([64, 128], tokens.Layers.Select(l => l.Width));
        Assert.Equal(whole.Run(pixels, 1, "cls"), tokens.ClassToken);
        var (stage2, stage3) = (tokens.Layers[0], tokens.Layers[1]);
        foreach (var (y, x, channel) in new[] { (0, 0, 0), (5, 27, 63), (14, 9, 30) })
        {
            // The fused features are the 3x3 mean of the second stage.
            var mean = Enumerable.Range(0, 9).Select(n => (Y: y + (n / 3) - 1, X: x + (n % 3) - 1)).Where(n => n is { Y: >= 0 and < 28, X: >= 0 and < 28 }).Sum(n => stage2.Row((n.Y * 28) + n.X)[channel]) / 9;
            Assert.Equal(features.Row((y * 28) + x)[channel], mean, 1e-4);
        }

        // Bilinear to twice the size keeps the mean, which is the class token.
        Assert.Equal(tokens.ClassToken[17], Enumerable.Range(0, 784).Average(p => stage3.Row(p)[17]), 1e-4);
        Assert.NotEqual(features.Row(300)[64 + 17], stage3.Row(300)[17], 1e-3f);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void Extract_OfATransformer_GivesTheLayersThatWereFused(int registers)
    {
        File.WriteAllBytes(_folder["model.safetensors"], TinyDinoV2.Create(registers: registers).ToArray());
        DinoV2Importer.Import(_folder["model.safetensors"], _folder["tiny.onnx"], new DinoV2ImportOptions { Heads = TinyDinoV2.Heads, ExposeLayers = true });
        using var whole = OnnxFeatureExtractor.Open(_folder["tiny.onnx"]);
        using var layers = LayerExtractor.Open(_folder["tiny.onnx"]);
        var pixels = Pixels(whole.Backbone);

        var tokens = layers.ExtractNormalised(pixels);

        Assert.Equal(5, tokens.Layers.Count);
        Assert.Equal(whole.Run(pixels, 1, "layers"), tokens.Layers.SelectMany(l => l.Values.ToArray()));
        Assert.Equal(whole.Run(pixels, 1, "cls"), tokens.ClassToken);
    }

    [Fact]
    public void Open_LeavesTheBackboneAsItIs()
    {
        var before = File.ReadAllBytes(SharedFiles.EmbeddedBackbone);

        using (LayerExtractor.Open(SharedFiles.EmbeddedBackbone))
        {
            Assert.Equal(before, File.ReadAllBytes(SharedFiles.EmbeddedBackbone));
        }
    }

    [Fact]
    public void Open_OfABackboneWithoutClassTokens_SaysWhatIsMissing()
    {
        var model = OnnxModelFile.Read(SharedFiles.EmbeddedBackbone);
        var backbone = BackboneManifestFile.Read(SharedFiles.EmbeddedBackbone) with { ClassOutput = null };

        Assert.Contains("has no output of class tokens", Assert.Throws<InvalidBackboneException>(() => LayerGraph.Derive(model, backbone)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OfAGraphThatNoImporterWrote_SaysWhatItFound()
    {
        var backbone = BackboneManifestFile.Read(SharedFiles.EmbeddedBackbone);

        Refused(backbone with { Layers = ["layer2", "layer9"] }, "has no stage 'layer9'");
        Refused(backbone with { Family = "dinov2" }, "where the importer writes MatMul");

        static void Refused(BackboneManifest manifest, string message)
        {
            var model = OnnxModelFile.Read(SharedFiles.EmbeddedBackbone);
            Assert.Contains(message, Assert.Throws<InvalidBackboneException>(() => LayerGraph.Derive(model, manifest)).Message, StringComparison.Ordinal);
        }
    }

    private static float[] Pixels(BackboneManifest backbone)
    {
        var random = new Random(8);
        return [.. Enumerable.Range(0, 3 * backbone.Crop * backbone.Crop).Select(_ => (random.NextSingle() * 4) - 2)];
    }
}
