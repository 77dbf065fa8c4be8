using StructCore.Tests.Imaging;
using StructCore.Vision.Imaging;

namespace StructCore.Benchmarks.Peers;

/// <summary>SPEC 1 from decoded frame to tensor; the peer is Pillow, then numpy.</summary>
internal sealed class ResizeWork : PeerWork
{
    private const int Side = 1024;
    private const int Resize = 448;
    private const int Crop = 392;

    private static readonly float[] Mean = [0.485f, 0.456f, 0.406f];
    private static readonly float[] Std = [0.229f, 0.224f, 0.225f];

    private readonly float[] _tensor = new float[RgbImage.Channels * Crop * Crop];
    private readonly RgbImage _frame = RandomImage.Of(Side, Side);

    public override string Name => "resize";

    public override string Title => $"resize {Side} x {Side} to {Resize}, crop {Crop}, normalise";

    public override string Peer => "Preprocess";

    public override double Aim => 0.5;

    public override IReadOnlyDictionary<string, int> Sizes => new Dictionary<string, int> { ["side"] = Side, ["resize"] = Resize, ["crop"] = Crop };

    protected override double Tolerance => 1e-5;

    public override void Prepare(string folder) => Write(folder, "frame", _frame.Pixels);

    public override ReadOnlyMemory<float> Run()
    {
        ImagePreprocessor.ToTensor(_frame, FrameMode.CentreCrop, Resize, Crop, Mean, Std, _tensor);
        return _tensor;
    }
}
