using StructCore.Edge.Native.OpenCv;
using StructCore.Vision.Calibration;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;

namespace StructCore.Benchmarks.Peers;

/// <summary>What the two rows with a real network share: the backbone, the fit, and the network's form for the peer.</summary>
internal abstract class ResNetWork : PeerWork
{
    private const double OnePercent = 0.01;

    protected OpenCvImageCodec Codec { get; } = new();

    protected OnnxFeatureExtractor Extractor { get; private set; } = null!;

    /// <summary>Threads of the backbone on one image; 0 is one per core.</summary>
    protected virtual int Threads => 0;

    public override IReadOnlyDictionary<string, int> Sizes => new Dictionary<string, int>
    {
        ["width"] = Extractor.Backbone.Width,
        ["crop"] = Extractor.Backbone.Crop,
        ["grid"] = Extractor.Backbone.Grid,
        ["neighbours"] = 5,
    };

    public override void Prepare(string folder)
    {
        var backbone = Path.Combine(folder, "resnet18.onnx");
        ResNetImporter.Import(SharedScrew.Network, backbone);
        Extractor = OnnxFeatureExtractor.Open(backbone, new ExtractorOptions { Threads = Threads });
        NetworkExport.Write(SharedScrew.Network, folder);
    }

    /// <summary>The reproduction mode, which chooses one coreset: the peer's form.</summary>
    protected ProductBank Fit(IReadOnlyList<string> images, double ratio = OnePercent) =>
        new BankFitter(Codec, Extractor, new FitOptions { CoresetRatio = ratio, Frame = FrameMode.FullFrame, Method = CalibrationMethod.Paper, Distance = DistanceForm.TwoSided }).Fit("screw", images);
}
