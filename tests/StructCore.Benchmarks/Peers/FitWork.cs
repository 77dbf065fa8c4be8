using StructCore.Vision.Features;
using StructCore.Vision.Imaging;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Benchmarks.Peers;

/// <summary>A bank from 320 image files; the peer is torch for the network, numpy and FAISS for the rest, all features in memory.</summary>
internal sealed class FitWork : ResNetWork
{
    private string[] _images = [];

    public override string Name => "fit";

    public override string Title => $"fit screw at 1 % ({_images.Length} images, ResNet-18)";

    public override string Peer => "Fit";

    public override double Aim => 0.25;

    public override int Rounds => 1;

    // Ours keeps features as float16 while it fits, so that single rows of the coreset differ.
    protected override double Tolerance => 0.05;

    // Images are worked on side by side.
    protected override int Threads => 1;

    public override void Prepare(string folder)
    {
        base.Prepare(folder);
        _images = [.. ImageFiles.In(SharedScrew.GoodImages)];
        File.WriteAllLines(Path.Combine(folder, "images"), _images);
        Write(folder, "projection", new RandomProjection(Extractor.Backbone.Width, Coreset.ProxyWidth, Coreset.ProxySeed).Weights);
    }

    public override ReadOnlyMemory<float> Run() => new[] { Fit(_images).Calibration.Threshold };
}
