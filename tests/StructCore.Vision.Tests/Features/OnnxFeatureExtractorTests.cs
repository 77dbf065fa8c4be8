using System.Numerics.Tensors;
using StructCore.Tests.Imaging;
using StructCore.Vision.Features;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Features;

public sealed class OnnxFeatureExtractorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Copy => _folder[Path.GetFileName(SharedFiles.EmbeddedBackbone)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(FrameMode.CentreCrop)]
    [InlineData(FrameMode.FullFrame)]
    public void Extract_OfAFrame_IsPreprocessAndNetwork(FrameMode mode)
    {
        using var extractor = OnnxFeatureExtractor.Open(SharedFiles.EmbeddedBackbone);
        var backbone = extractor.Backbone;
        var frame = RandomImage.Of(300, 500);
        var pixels = new float[3 * backbone.Crop * backbone.Crop];
        ImagePreprocessor.Normalise(ImagePreprocessor.Crop(frame, mode, backbone.Resize, backbone.Crop), backbone.Mean, backbone.Std, pixels);

        var features = extractor.Extract(frame, mode);

        Assert.Equal((28, 28, backbone.Width), (features.GridHeight, features.GridWidth, features.Width));
        Assert.Equal(extractor.ExtractNormalised(pixels).Values, features.Values);
        Assert.Equal(extractor.Run(pixels, 1, backbone.Output), features.Values.ToArray());
        Assert.NotEqual(0, features.Values[0]);
    }

    [Fact]
    public void Extract_FromSeveralThreads_GivesEachItsOwn()
    {
        using var extractor = OnnxFeatureExtractor.Open(SharedFiles.EmbeddedBackbone, new ExtractorOptions { Threads = 1 });
        RgbImage[] frames = [.. Enumerable.Range(0, 4).Select(i => RandomImage.Of(100 + i, 120, i))];
        var alone = frames.Select(f => extractor.Extract(f, FrameMode.FullFrame)).ToArray();

        Parallel.For(0, 32, i => Assert.Equal(alone[i % 4].Values, extractor.Extract(frames[i % 4], FrameMode.FullFrame).Values));

        Assert.False(alone[0].Values.SequenceEqual(alone[1].Values));
    }

    [Fact]
    public void Extract_FromSeveralThreadsThatShareTheirPasses_GivesEachItsOwn()
    {
        using var single = OnnxFeatureExtractor.Open(SharedFiles.EmbeddedBackbone);
        using var shared = OnnxFeatureExtractor.Open(SharedFiles.EmbeddedBackbone, new ExtractorOptions(), batch: 3);
        RgbImage[] frames = [.. Enumerable.Range(0, 4).Select(i => RandomImage.Of(100 + i, 120, i))];
        var alone = frames.Select(f => single.Extract(f, FrameMode.FullFrame)).ToArray();

        Parallel.For(0, 24, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            using var features = shared.Extract(frames[i % 4], FrameMode.FullFrame);
            Assert.Equal(0, TensorPrimitives.Distance(alone[i % 4].Values, features.Values), 1e-3);
        });
    }

    [Fact]
    public void Extract_GivenUp_EndsAndLeavesTheSessionToOthers()
    {
        using var extractor = OnnxFeatureExtractor.Open(SharedFiles.EmbeddedBackbone);
        var frame = RandomImage.Of(300, 500);
        var before = extractor.Extract(frame, FrameMode.FullFrame);

        Assert.ThrowsAny<OperationCanceledException>(() => extractor.Extract(frame, FrameMode.FullFrame, new CancellationToken(canceled: true)));

        Assert.Equal(before.Values, extractor.Extract(frame, FrameMode.FullFrame).Values);
    }

    [Fact]
    public void Open_OfAChangedFile_ShowsBothHashes()
    {
        CopyBackbone();
        var bytes = File.ReadAllBytes(Copy);
        bytes[^100] ^= 1;
        File.WriteAllBytes(Copy, bytes);

        AssertRefused("has SHA-256", BackboneManifestFile.Read(Copy).Sha256);
    }

    [Fact]
    public void Open_OfAnotherWidth_ShowsBoth()
    {
        CopyBackbone();
        var sound = BackboneManifestFile.Read(Copy);
        BackboneManifestFile.Write(Copy, sound with { Width = sound.Width + 1 });

        AssertRefused($"784, {sound.Width}]", $"784, {sound.Width + 1}]");
    }

    [Fact]
    public void Open_OfAnotherOutput_ListsWhatThereIs()
    {
        CopyBackbone();
        BackboneManifestFile.Write(Copy, BackboneManifestFile.Read(Copy) with { Output = "logits" });

        AssertRefused("no output 'logits'", "features");
    }

    [Fact]
    public void Open_OfWhatOnnxRuntimeRefuses_NamesTheFile()
    {
        CopyBackbone();
        File.WriteAllText(Copy, "no graph");
        BackboneManifestFile.Write(Copy, BackboneManifestFile.Read(Copy) with { Sha256 = OnnxModelFile.Hash(Copy) });

        AssertRefused(Copy);
    }

    [Theory]
    [InlineData(ExecutionProvider.Cuda)]
    [InlineData(ExecutionProvider.TensorRt)]
    public void Open_OnAProviderThatDoesNotStart_SaysWhatToDo(ExecutionProvider provider)
    {
        Assert.SkipWhen(File.Exists("/dev/nvidiactl"), "this machine has an NVIDIA GPU");

        var error = Assert.Throws<ExecutionProviderException>(() => OnnxFeatureExtractor.Open(SharedFiles.EmbeddedBackbone, new ExtractorOptions { Provider = provider }));

        Assert.Contains($"'{provider}'", error.Message);
        Assert.Contains("scripts/setup --gpu", error.Message);
    }

    [Fact]
    public void Run_OfAnotherSize_SaysWhatIsNeeded()
    {
        using var extractor = OnnxFeatureExtractor.Open(SharedFiles.EmbeddedBackbone);

        Assert.Contains("[2, 3, 224, 224], got 5", Assert.Throws<ArgumentException>(() => extractor.Run(new float[5], 2, "features")).Message);
        Assert.Contains("no output 'nothing'", Assert.Throws<ArgumentException>(() => extractor.Run(new float[3 * 224 * 224], 1, "nothing")).Message);
    }

    private void CopyBackbone()
    {
        File.Copy(SharedFiles.EmbeddedBackbone, Copy);
        File.Copy(BackboneManifestFile.PathFor(SharedFiles.EmbeddedBackbone), BackboneManifestFile.PathFor(Copy));
    }

    private void AssertRefused(params string[] messages)
    {
        var error = Assert.Throws<InvalidBackboneException>(() => OnnxFeatureExtractor.Open(Copy));
        Assert.All(messages, m => Assert.Contains(m, error.Message));
    }
}
