using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.Scoring;

namespace StructCore.Benchmarks.Peers;

/// <summary>One inspection from image file to verdict; the peer is torch, FAISS and numpy.</summary>
internal sealed class StationWork : ResNetWork
{
    private const int FitImages = 64;

    private ProductBank _bank = null!;
    private string _image = null!;

    public override string Name => "station";

    public override string Title => "ResNet-18 station, image file to verdict, N = 2,508";

    public override string Peer => "Station";

    public override double Aim => 0.35;

    public override TimeSpan Round => TimeSpan.FromSeconds(2);

    // The peer's convolutions sum in another order.
    protected override double Tolerance => 1e-3;

    public override void Prepare(string folder)
    {
        base.Prepare(folder);
        _bank = Fit([.. ImageFiles.In(SharedScrew.GoodImages).Take(FitImages)], 0.05);
        _image = ImageFiles.In(SharedScrew.TestImages)[0];
        var calibration = _bank.Calibration;
        float[] Values(StructuralDescriptor phi) => [phi.Dispersion, phi.Tail, phi.TotalVariation];
        File.WriteAllLines(Path.Combine(folder, "images"), [_image]);
        Write(folder, "bank", _bank.Memory.Values);
        Write<float>(folder, "calibration", [.. Values(calibration.Mean), .. Values(calibration.Deviation), calibration.Lambda, calibration.Threshold]);
    }

    public override ReadOnlyMemory<float> Run()
    {
        using var frame = Codec.Load(_image);
        using var features = Extractor.Extract(frame, _bank.Manifest.Frame);
        var scored = _bank.Score(features);
        return new[] { scored.Score.Hybrid, scored.Rejected ? 1 : 0 };
    }
}
