using StructCore.Edge.Native.OpenCv;
using StructCore.Vision.Datasets;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.Inference;

namespace StructCore.Tests.Inference;

/// <summary>Host and device say the same of real images through a real backbone.</summary>
public sealed class RealImagesTests : IDisposable
{
    private const int Images = 12;
    private const float Tolerance = 1e-4f;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void DeviceScorer_WithResNet18_AgreesWithHostScorer()
    {
        var products = ImageFolder.Open(SharedFiles.RequireShared("data"), ["screw", "pcb"]);
        ResNetImporter.Import(SharedFiles.RequireShared("models/resnet18-imagenet-l3.onnx"), _folder["resnet18.onnx"]);
        var codec = new OpenCvImageCodec();
        using var host = new HostScorer(OnnxFeatureExtractor.Open(_folder["resnet18.onnx"]), TimeProvider.System);
        using var device = DeviceScorer.Open(_folder["resnet18.onnx"], new() { LargestBatch = 5 }, TimeProvider.System);
        using var extractor = OnnxFeatureExtractor.Open(_folder["resnet18.onnx"]);
        var fitter = new BankFitter(codec, extractor, new FitOptions());
        var banks = BankSet.Create([.. products.Select(p => fitter.Fit(p.Category, [.. p.Train.Take(Images)]))], host.Backbone);
        ImageToScore[] images = [.. products.SelectMany(p => p.Test.Where((_, i) => i % (p.Test.Count / Images) == 0)).Select(t => new ImageToScore(codec.Load(t.Path), banks))];

        foreach (var (want, got) in host.Score(images).Zip(device.Score(images)))
        {
            Assert.Equal((want.Route.Category, want.Scored.Rejected), (got.Route.Category, got.Scored.Rejected));
            Assert.Equal(want.Scored.Score.Base, got.Scored.Score.Base, Tolerance * want.Scored.Score.Base);
            Assert.Equal(want.Scored.Structure.Dispersion, got.Scored.Structure.Dispersion, Tolerance * want.Scored.Structure.Dispersion);
            Assert.Equal(want.Scored.Structure.Tail, got.Scored.Structure.Tail, Tolerance * want.Scored.Structure.Tail);
            Assert.Equal(want.Scored.Structure.TotalVariation, got.Scored.Structure.TotalVariation, Tolerance * want.Scored.Structure.TotalVariation);
            Assert.All(want.Route.Distances, d => Assert.Equal(d.Value, got.Route.Distances[d.Key], Tolerance));
        }
    }
}
