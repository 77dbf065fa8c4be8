using Google.Protobuf;
using StructCore.Vision.Features;
using StructCore.Vision.Onnx;

namespace StructCore.Tests.Features;

public sealed class ResNetImporterTests : IDisposable
{
    private const int Width2 = 2;
    private const int Width3 = 3;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Import_OfATinyNetwork_FusesLikeThePlainTwin()
    {
        var network = Save(TinyNetwork());
        var pixels = RandomPixels();
        var (layer2, layer3) = RunNetwork(network, pixels);

        var manifest = ResNetImporter.Import(network, _folder["wrapped.onnx"]);
        using var extractor = OnnxFeatureExtractor.Open(_folder["wrapped.onnx"]);
        var features = extractor.ExtractNormalised(pixels);

        Assert.Equal(("wrapped", "resnet", 256, 224, 28, Width2 + Width3), (manifest.Name, manifest.Family, manifest.Resize, manifest.Crop, manifest.Grid, manifest.Width));
        var want = NaiveResNetFuse.Fuse(layer2, Width2, layer3, Width3);
        Assert.Equal(want.Length, features.Values.Length);
        for (var i = 0; i < want.Length; i++)
        {
            Assert.Equal(want[i], features.Values[i], 1e-4);
        }

        var classToken = extractor.Run(pixels, 1, manifest.ClassOutput!);
        Assert.Equal(Width3, classToken.Length);
        Assert.Equal(layer3.AsSpan(0, 14 * 14).ToArray().Average(), classToken[0], 1e-4);
    }

    [Fact]
    public void Import_OfANetworkWithMoreOutputs_DropsWhatOnlyTheyNeed()
    {
        var graph = TinyNetwork();
        var large = graph.Existing("layer3").Reshape(0, Width3 * 14 * 14).MatMul(graph.Constant("classifier", new float[Width3 * 14 * 14 * 1000], Width3 * 14 * 14, 1000));
        graph.Output("logits", large, "N", 1000);

        ResNetImporter.Import(Save(graph), _folder["wrapped.onnx"]);

        var wrapped = OnnxModelFile.Read(_folder["wrapped.onnx"]);
        Assert.Equal(["features", "cls"], wrapped.Graph.Output.Select(o => o.Name));
        Assert.DoesNotContain("classifier", wrapped.Graph.Initializer.Select(i => i.Name));
    }

    [Fact]
    public void Import_OverItsOwnInput_Works()
    {
        var network = Save(TinyNetwork());

        ResNetImporter.Import(network, network);

        using var extractor = OnnxFeatureExtractor.Open(network);
        Assert.Equal(Width2 + Width3, extractor.Backbone.Width);
    }

    [Fact]
    public void Import_OfANetworkWithoutTheLayers_ListsWhatItHas()
    {
        var graph = new GraphBuilder("other");
        graph.Output("logits", graph.Input("input", "N", 3, "H", "W").Mean3x3(), "N", 3, "H", "W");

        AssertRefused(Save(graph), "no output 'layer2'; it has logits");
    }

    [Fact]
    public void Import_OfAnotherStride_ShowsTheShape() => AssertRefused(Save(TinyNetwork(stride3: 8)), "'layer3' is [1, 3, 28, 28], expected [1, d, 14, 14]");

    [Fact]
    public void Import_OfAFixedSmallerInput_SaysWhatIsExpected() => AssertRefused(Save(TinyNetwork(side: 112)), "does not take an image [1, 3, 224, 224]");

    [Fact]
    public void Import_OfAnOldOperatorSet_SaysWhichIsNeeded()
    {
        var graph = TinyNetwork();
        graph.Model.OpsetImport[0].Version = 9;

        AssertRefused(Save(graph), "operator set 9, expected 11 or newer");
    }

    [Fact]
    public void Import_OfWeightsInOtherFiles_NamesTheTensor()
    {
        var graph = TinyNetwork();
        graph.Model.Graph.Initializer[0].DataLocation = TensorProto.Types.DataLocation.External;

        AssertRefused(Save(graph), $"first: '{graph.Model.Graph.Initializer[0].Name}'");
    }

    [Theory]
    [InlineData("")]
    [InlineData("not an onnx file at all")]
    public void Import_OfSomethingElse_NamesTheFile(string content)
    {
        File.WriteAllText(_folder["network.onnx"], content);

        AssertRefused(_folder["network.onnx"], _folder["network.onnx"]);
    }

    private void AssertRefused(string network, string message)
    {
        var error = Assert.Throws<InvalidBackboneException>(() => ResNetImporter.Import(network, _folder["wrapped.onnx"]));
        Assert.Contains(message, error.Message);
        Assert.False(File.Exists(_folder["wrapped.onnx"]));
    }

    /// <summary>Two convolutions that stride straight to the grids of layer2 and layer3.</summary>
    private static GraphBuilder TinyNetwork(int stride3 = 16, object? side = null)
    {
        var random = new Random(7);
        float[] Random(int length) => [.. Enumerable.Range(0, length).Select(_ => (float)(random.NextDouble() - 0.5))];
        var graph = new GraphBuilder("tiny");
        var input = graph.Input("input", "N", 3, side ?? "H", side ?? "W");
        graph.Output("layer2", input.Conv(graph.Constant("w2", Random(Width2 * 3 * 64), Width2, 3, 8, 8), graph.Constant("b2", Random(Width2), Width2), kernel: 8, stride: 8), "N", Width2, "H2", "W2");
        graph.Output("layer3", input.Conv(graph.Constant("w3", Random(Width3 * 3 * 64), Width3, 3, 8, 8), graph.Constant("b3", Random(Width3), Width3), kernel: 8, stride: stride3), "N", Width3, "H3", "W3");
        return graph;
    }

    private static float[] RandomPixels()
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, 3 * 224 * 224).Select(_ => (float)random.NextDouble())];
    }

    private string Save(GraphBuilder graph)
    {
        File.WriteAllBytes(_folder["network.onnx"], graph.Model.ToByteArray());
        return _folder["network.onnx"];
    }

    private static (float[] Layer2, float[] Layer3) RunNetwork(string path, float[] pixels)
    {
        using var session = OnnxSession.Open(path, new ExtractorOptions());
        using var run = new Microsoft.ML.OnnxRuntime.RunOptions();
        using var input = Microsoft.ML.OnnxRuntime.OrtValue.CreateTensorValueFromMemory(pixels, [1, 3, 224, 224]);
        using var layers = session.Run(run, ["input"], [input], ["layer2", "layer3"]);
        return (layers[0].GetTensorDataAsSpan<float>().ToArray(), layers[1].GetTensorDataAsSpan<float>().ToArray());
    }
}
