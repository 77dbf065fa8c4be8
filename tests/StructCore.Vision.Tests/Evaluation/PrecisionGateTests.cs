using StructCore.Edge.Native.OpenCv;
using StructCore.Vision.Datasets;
using StructCore.Vision.Evaluation;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.MemoryBanks;
using StructCore.Vision.Scoring;

namespace StructCore.Tests.Evaluation;

public sealed class PrecisionGateTests : IDisposable
{
    private const int TrainImages = 16;
    private const int TestImagesOfAKind = 12;

    // One pair of so few images is a quarter of a point of AUROC: here the scores must agree, on all images (STRUCTCORE_FULL=1) the rates.
    private const float LargestError = 0.002f;
    private static readonly bool IsFull = Environment.GetEnvironmentVariable("STRUCTCORE_FULL") == "1";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("screw", null)]
    [InlineData("pcb", null)]
    [InlineData("magnetic_tile", null)]
    [InlineData("screw", "models/resnet18-imagenet-l3.onnx")]
    [InlineData("pcb", "models/resnet18-imagenet-l3.onnx")]
    [InlineData("magnetic_tile", "models/resnet18-imagenet-l3.onnx")]
    public void Float16_OnRealImages_PassesTheGate(string category, string? network)
    {
        var images = SharedFiles.RequireShared("data");
        var backbone = network is null ? SharedFiles.EmbeddedBackbone : _folder["backbone.onnx"];
        if (network is not null)
        {
            ResNetImporter.Import(SharedFiles.RequireShared(network), backbone);
        }

        var all = ImageFolder.Open(images, [category]).Single();
        var product = IsFull ? all : Part(all);
        using var whole = OnnxFeatureExtractor.Open(backbone);
        using var half = OnnxFeatureExtractor.Open(backbone, new ExtractorOptions { Precision = Precision.Fp16 });
        var bank = new BankFitter(new OpenCvImageCodec(), whole, new FitOptions { Frame = product.DefaultFrame }).Fit(category, product.Train);

        var (reference, other) = (Evaluate(whole, bank, product), Evaluate(half, bank, product));

        Assert.DoesNotContain(PrecisionGate.Compare([reference], [other]), b => IsFull || b.Contains("the verdict on"));
        Assert.NotEqual(reference.Images.Select(i => i.Score), other.Images.Select(i => i.Score));
        Assert.All(reference.Images.Zip(other.Images), p => Assert.Equal(p.First.Score.Base, p.Second.Score.Base, LargestError * p.First.Score.Base));
    }

    [Fact]
    public void Compare_OfAnAurocThatFell_SaysWhichAndHowFar()
    {
        var reference = Evaluation([1, 2, 3, 4], [5, 6, 7, 8]);

        Assert.Empty(PrecisionGate.Compare([reference], [reference]));
        var changed = PrecisionGate.Compare([reference], [Evaluation([1, 2, 3, 5.5f], [5, 6, 7, 8])]);

        Assert.Contains("cap: AUROC of S_base 100.000", changed[0]);
        Assert.Equal(1.0 / 16, PrecisionGate.LargestAurocChange([reference], [Evaluation([1, 2, 3, 5.5f], [5, 6, 7, 8])]), 1e-9);
    }

    [Theory]
    [InlineData(4.47f, 4.53f, 0)]
    [InlineData(4.4f, 4.55f, 1)]
    [InlineData(4.6f, 4.45f, 1)]
    [InlineData(4.4f, 4.44f, 0)]
    public void Compare_OfAVerdictThatChanged_AllowsItNearTheThreshold(float before, float after, int breaches)
    {
        // The threshold is 4.5.
        var found = PrecisionGate.Compare([Evaluation([before], [])], [Evaluation([after], [])]);

        Assert.Equal(breaches, found.Count(b => b.Contains("the verdict on 'good0' changed")));
    }

    [Fact]
    public void Compare_OfOtherImages_Refuses() =>
        Assert.Throws<ArgumentException>(() => PrecisionGate.Compare([Evaluation([1], [2])], [Evaluation([1, 1], [2])]));

    private static CategoryEvaluation Evaluate(OnnxFeatureExtractor extractor, ProductBank bank, ProductImages product) =>
        new BankEvaluator(new OpenCvImageCodec(), extractor, [bank], TimeProvider.System).Evaluate(product);

    /// <summary>Some of the images, evenly spread.</summary>
    private static ProductImages Part(ProductImages product) => product with
    {
        Train = Spread(product.Train, TrainImages),
        Test = [.. Spread([.. product.Test.Where(t => !t.Defective)], TestImagesOfAKind), .. Spread([.. product.Test.Where(t => t.Defective)], TestImagesOfAKind)],
    };

    private static T[] Spread<T>(IReadOnlyList<T> all, int count) => [.. Enumerable.Range(0, Math.Min(count, all.Count)).Select(i => all[i * all.Count / Math.Min(count, all.Count)])];

    private static BankManifest Manifest
    {
        get
        {
            var manifest = EvaluationReportTests.Manifest("cap");
            return manifest with { Calibration = manifest.Calibration with { BaseThreshold = 4.5f, StructuralThreshold = 4.5f, Threshold = 4.5f } };
        }
    }

    private static CategoryEvaluation Evaluation(float[] good, float[] defective) => new(
        Manifest,
        [.. good.Select((s, i) => Judged($"good{i}", false, s)), .. defective.Select((s, i) => Judged($"bad{i}", true, s))],
        null,
        []);

    private static JudgedImage Judged(string path, bool defective, float score) =>
        new(new TestImage(path, defective ? "dent" : "good", defective, null), new ImageScore(score, score, score), new Route("cap", new Dictionary<string, float>(), new Dictionary<string, float>()));
}
