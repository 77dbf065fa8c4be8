using StructCore.Tests.Imaging;
using StructCore.Vision.Features;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Features;

public sealed class ModelCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void NameOf_OtherModelOrPrecision_IsAnother()
    {
        File.WriteAllText(_folder["a.onnx"], "one");
        File.WriteAllText(_folder["b.onnx"], "two");
        Directory.CreateDirectory(_folder["c"]);
        File.WriteAllText(_folder[Path.Combine("c", "a.onnx")], "three");
        string[] names = [ModelCache.NameOf(_folder["a.onnx"], Precision.Fp32), ModelCache.NameOf(_folder["a.onnx"], Precision.Tf32), ModelCache.NameOf(_folder["b.onnx"], Precision.Fp32), ModelCache.NameOf(_folder[Path.Combine("c", "a.onnx")], Precision.Fp32)];

        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.All(names, n => Assert.Contains($"-ort{OnnxFeatureExtractor.RuntimeVersion}", n));
    }

    [Fact]
    public void Open_InFloat16WithACache_WritesTheModelOnceAndGivesTheSame()
    {
        var options = new ExtractorOptions { Threads = 1, Precision = Precision.Fp16, CacheFolder = _folder["cache"] };
        var frame = RandomImage.Of(250, 300);
        var first = Extract(options, frame);
        var file = Assert.Single(Directory.GetFiles(_folder["cache"]));
        var written = File.GetLastWriteTimeUtc(file);

        Assert.Equal(first, Extract(options, frame));
        Assert.Equal(first, Extract(options with { CacheFolder = null }, frame));
        Assert.Equal(written, File.GetLastWriteTimeUtc(Assert.Single(Directory.GetFiles(_folder["cache"]))));
    }

    private static float[] Extract(ExtractorOptions options, RgbImage frame)
    {
        using var extractor = OnnxFeatureExtractor.Open(SharedFiles.EmbeddedBackbone, options);
        using var features = extractor.Extract(frame, FrameMode.FullFrame);
        return features.Values.ToArray();
    }
}
