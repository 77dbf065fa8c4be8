using BenchmarkDotNet.Attributes;
using StructCore.Tests.Imaging;
using StructCore.Vision.Imaging;

namespace StructCore.Benchmarks.Imaging;

/// <summary>SPEC 1 from frame to tensor; the resize against its naive twin.</summary>
public class ResizeBenchmarks
{
    private static readonly float[] Mean = [0.485f, 0.456f, 0.406f];
    private static readonly float[] Std = [0.229f, 0.224f, 0.225f];

    private readonly float[] _tensor = new float[392 * 392 * RgbImage.Channels];
    private RgbImage _frame = null!;

    [Params(300, 1024, 2448)]
    public int Side { get; set; }

    [GlobalSetup]
    public void Setup() => _frame = RandomImage.Of(Side, Side);

    [Benchmark(Baseline = true)]
    public RgbImage Naive() => NaiveResizer.Resize(_frame, 448, 392);

    [Benchmark]
    public RgbImage Simd() => ImagePreprocessor.Crop(_frame, FrameMode.CentreCrop, 448, 392);

    [Benchmark]
    public void ToTensor() => ImagePreprocessor.ToTensor(_frame, FrameMode.CentreCrop, 448, 392, Mean, Std, _tensor);
}
