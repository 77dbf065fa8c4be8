using StructCore.Edge;
using StructCore.Vision.Calibration;
using StructCore.Vision.Datasets;
using StructCore.Vision.Evaluation;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Commands;

/// <summary>Each of the real products left out in turn: the banks of the others refuse its images, and hardly any of their own.</summary>
public sealed class UnknownProductSetsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("models/resnet18-imagenet-l3.onnx")]
    public void Evaluate_CategoryLeftOut_IsCaught(string? network)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("STRUCTCORE_FULL") == "1", "takes minutes: scripts/test --full");
        var products = ImageFolder.Open(SharedFiles.RequireShared("data"), []);
        using var extractor = OnnxFeatureExtractor.Open(network is null ? SharedFiles.EmbeddedBackbone : Imported(network), new ExtractorOptions { Threads = 1 });

        // What the memory bank holds has no part in it.
        var fitter = new BankFitter(AdapterSet.Current.ImageCodec, extractor, new FitOptions { Frame = FrameMode.CentreCrop, CoresetRatio = 0.001, Method = CalibrationMethod.LeaveOneOut });
        var evaluator = new BankEvaluator(AdapterSet.Current.ImageCodec, extractor, [.. products.Select(p => fitter.Fit(p.Category, p.Train))], TimeProvider.System);

        var routing = RoutingReport.Of([.. products.Select(p => evaluator.Evaluate(p))]);

        Assert.Equal(1, routing.Accuracy);
        Assert.All(routing.Unknown.Values, u => Assert.InRange(u.Caught!.Value, 0.95, 1));
        Assert.All(routing.Unknown.Values, u => Assert.InRange(u.RefusedGood!.Value, 0, 0.025));
        Assert.All(routing.Unknown.Values, u => Assert.InRange(u.RefusedDefective!.Value, 0, 0.025));
    }

    private string Imported(string network)
    {
        ResNetImporter.Import(SharedFiles.RequireShared(network), _folder["resnet18.onnx"]);
        return _folder["resnet18.onnx"];
    }
}
