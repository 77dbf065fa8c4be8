using BenchmarkDotNet.Attributes;
using StructCore.Tests.Imaging;
using StructCore.Vision.Imaging;

namespace StructCore.Benchmarks.Imaging;

/// <summary>A PNG file to pixels, beside its naive twin; both inflate with the same library.</summary>
public class PngBenchmarks
{
    private const int Side = 1024;

    private readonly byte[] _pixels = new byte[Side * Side * RgbImage.Channels];
    private byte[] _file = null!;

    [Params(1, 3)]
    public int Channels { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        byte[] samples = [.. Enumerable.Range(0, Side * Side * Channels).Select(i => (byte)((100 * Math.Sin(i / 50.0)) + 120 + random.Next(8)))];
        _file = NaivePng.Write(Side, Side, 8, (byte)(Channels == 1 ? 0 : 2), samples, filter: _ => 4);
    }

    [Benchmark(Baseline = true)]
    public byte[] Naive() => NaivePng.Read(_file, Side, Side, Channels);

    [Benchmark]
    public bool Simd() => PngPixels.TryDecode(_file, Side, Side, _pixels);
}
