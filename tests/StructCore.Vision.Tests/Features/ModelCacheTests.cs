using StructCore.Vision.Features;

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
    public void HalfModel_OfABackbone_IsWrittenOnceAndTakesLessRoom()
    {
        var path = ModelCache.HalfModel(SharedFiles.EmbeddedBackbone, _folder["cache"]);
        var written = File.GetLastWriteTimeUtc(path);

        Assert.Equal(path, ModelCache.HalfModel(SharedFiles.EmbeddedBackbone, _folder["cache"]));
        Assert.Equal(written, File.GetLastWriteTimeUtc(Assert.Single(Directory.GetFiles(_folder["cache"]))));
        Assert.InRange(new FileInfo(path).Length, 1, 0.6 * new FileInfo(SharedFiles.EmbeddedBackbone).Length);
    }
}
