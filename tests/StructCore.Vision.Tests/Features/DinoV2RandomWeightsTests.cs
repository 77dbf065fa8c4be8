using StructCore.Tests.Imaging;
using StructCore.Vision.Features;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Features;

public sealed class DinoV2RandomWeightsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_WithASeed_GivesTheSameBytesAgainAndOthersWithAnother()
    {
        DinoV2RandomWeights.Write(_folder["a"], DinoV2Size.Tiny, 7);
        DinoV2RandomWeights.Write(_folder["b"], DinoV2Size.Tiny, 7);
        DinoV2RandomWeights.Write(_folder["c"], DinoV2Size.Tiny, 8);

        Assert.Equal(File.ReadAllBytes(_folder["a"]), File.ReadAllBytes(_folder["b"]));
        Assert.NotEqual(File.ReadAllBytes(_folder["a"]), File.ReadAllBytes(_folder["c"]));
    }

    [Fact]
    public void Import_OfRandomWeights_GivesFiniteFeaturesThatTellPatchesApart()
    {
        DinoV2RandomWeights.Write(_folder["model.safetensors"], DinoV2Size.Tiny, 1);
        DinoV2Importer.Import(_folder["model.safetensors"], _folder["random-vit.onnx"]);
        using var extractor = OnnxFeatureExtractor.Open(_folder["random-vit.onnx"]);

        using var features = extractor.Extract(RandomImage.Of(64, 64), FrameMode.FullFrame, TestContext.Current.CancellationToken);

        Assert.All(features.Values.ToArray(), v => Assert.True(float.IsFinite(v)));
        Assert.NotEqual(features.Row(0).ToArray(), features.Row(1).ToArray());
    }
}
