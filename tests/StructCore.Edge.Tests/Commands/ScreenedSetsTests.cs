using StructCore.Edge;
using StructCore.Edge.Commands;
using StructCore.Vision.Datasets;
using StructCore.Vision.Features;
using StructCore.Vision.Imaging;
using StructCore.Vision.ZeroShot;

namespace StructCore.Tests.Commands;

/// <summary>Mutual scoring on real images against the figures of an independent implementation; ResNet-18 is weak at this, so that they are low.</summary>
public sealed class ScreenedSetsTests : IDisposable
{
    private const double Tolerance = 0.003;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("pcb", 1, 0.6583, 0.5851)]
    [InlineData("screw", 1, 0.5030, 0.4860)]
    [InlineData("magnetic_tile", 4, 0.7516, 0.7073)]
    public void Screen_TestImagesAsOneBatch_HasTheArea(string set, int every, double score, double refined)
    {
        Assert.SkipUnless(set == "pcb" || Environment.GetEnvironmentVariable("STRUCTCORE_FULL") == "1", "takes minutes: scripts/test --full");
        var images = SharedFiles.RequireShared($"data/{set}");
        var network = SharedFiles.RequireShared("models/resnet18-imagenet-l3.onnx");
        ResNetImporter.Import(network, _folder["resnet18.onnx"]);
        BatchImage[] batch = [.. ImageBatch.Open(images).Where((_, i) => i % every == 0)];
        using var extractor = LayerExtractor.Open(_folder["resnet18.onnx"]);
        var screener = new BatchScreener(AdapterSet.Current.ImageCodec, extractor, new ScreeningOptions { Frame = FrameMode.CentreCrop });

        var screened = screener.Screen([.. batch.Select(b => b.Path)], cancellationToken: TestContext.Current.CancellationToken);

        var report = ScreeningReport.Of(batch, screened, GoodProposal.Of(screened), "resnet18");
        Assert.Equal(score, report.Auroc!.Value, Tolerance);
        Assert.Equal(refined, report.RefinedAuroc!.Value, Tolerance);
    }
}
