using StructCore.Edge;
using StructCore.Edge.Drift;
using StructCore.Vision.Datasets;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;

namespace StructCore.Tests.Drift;

/// <summary>A lamp that loses light over real parts: found before it costs good parts, and only then.</summary>
public sealed class DriftedSetsTests : IDisposable
{
    private static readonly double[] Lights = [1, 0.85, 0.7, 0.55];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("pcb", 30)]
    [InlineData("screw", 30)]
    public void Lamp_ThatLosesLight_IsFoundBeforeFalseRejectsDouble(string set, int window)
    {
        Assert.SkipUnless(set == "pcb" || Environment.GetEnvironmentVariable("STRUCTCORE_FULL") == "1", "takes a minute: scripts/test --full");
        var product = ImageFolder.Open(SharedFiles.RequireShared($"data/{set}"), [])[0];
        string[] good = [.. product.Test.Where(t => !t.Defective).Select(t => t.Path)];
        var (codec, perFalseAlarm) = (AdapterSet.Current.ImageCodec, new DriftOptions().PartsPerFalseAlarm);
        ResNetImporter.Import(SharedFiles.RequireShared("models/resnet18-imagenet-l3.onnx"), _folder["resnet18.onnx"]);
        using var extractor = OnnxFeatureExtractor.Open(_folder["resnet18.onnx"], new ExtractorOptions { Threads = 1 });
        var bank = new BankFitter(codec, extractor, new FitOptions { Frame = product.DefaultFrame }).Fit(product.Category, product.Train, cancellationToken: TestContext.Current.CancellationToken);
        var lamp = new LampAgeing(bank, new HeldOutScorer(extractor, bank), codec, good, Lights);

        var asBefore = Enumerable.Range(0, lamp.Images).Select(image => (0, image));
        Assert.Null(lamp.FirstAlarm(asBefore, window, perFalseAlarm));

        var ramp = Enumerable.Range(0, Lights.Length).SelectMany(step => Enumerable.Range(0, lamp.Images).Select(image => (step, image)));
        var alarm = Assert.NotNull(lamp.FirstAlarm(ramp, window, perFalseAlarm));
        var step = (alarm - 1) / lamp.Images;
        Assert.InRange(step, 1, Lights.Length - 1);

        // Of so few parts one is the least that can be told from none.
        Assert.InRange(lamp.FalseRejects(step), 0, 2 * Math.Max(lamp.FalseRejects(0), 1d / lamp.Images));
    }
}
