using BenchmarkDotNet.Attributes;
using StructCore.Tests.Imaging;
using StructCore.Vision.Imaging;

namespace StructCore.Benchmarks.Imaging;

/// <summary>SPEC 1 from the 8-bit crop to the tensor, against its naive twin.</summary>
public class NormaliseBenchmarks
{
    private static readonly float[] Mean = [0.485f, 0.456f, 0.406f];
    private static readonly float[] Std = [0.229f, 0.224f, 0.225f];

    private readonly RgbImage _crop = RandomImage.Of(392, 392);
    private readonly float[] _tensor = new float[392 * 392 * RgbImage.Channels];

    [Benchmark(Baseline = true)]
    public float[] Naive() => NaiveNormaliser.Normalise(_crop, Mean, Std);

    [Benchmark]
    public void Table() => ImagePreprocessor.Normalise(_crop, Mean, Std, _tensor);
}
