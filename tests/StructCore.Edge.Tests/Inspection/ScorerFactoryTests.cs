using StructCore.Edge.Inspection;
using StructCore.Vision.Features;
using StructCore.Vision.Inference;

namespace StructCore.Tests.Inspection;

public sealed class ScorerFactoryTests
{
    [Fact]
    public void Open_OnTheProcessor_IsTheHosts()
    {
        using var scorer = ScorerFactory.Open(new ModelOptions { Backbone = SharedFiles.EmbeddedBackbone }, null, TimeProvider.System);

        Assert.IsType<HostScorer>(scorer);
    }

    [Fact]
    public void Open_OnAGpuThatIsNotThere_SaysWhatToDo()
    {
        Assert.SkipWhen(File.Exists("/dev/nvidiactl"), "this machine has an NVIDIA GPU");

        var error = Assert.Throws<ExecutionProviderException>(() => ScorerFactory.Open(new ModelOptions { Backbone = SharedFiles.EmbeddedBackbone, Provider = ExecutionProvider.Cuda }, null, TimeProvider.System));

        Assert.Contains("scripts/setup --gpu", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OnDevice_OfAllKeys_PassesThemOn()
    {
        var device = ScorerFactory.OnDevice(new ModelOptions { Folder = "m", Provider = ExecutionProvider.TensorRt, Device = 2, Precision = Precision.Fp16, DeviceMemoryMegabytes = 500, CudaGraphs = true, BatchSize = 8 });

        var extractor = new ExtractorOptions { Provider = ExecutionProvider.TensorRt, Device = 2, Precision = Precision.Fp16, DeviceMemoryMegabytes = 500, CacheFolder = Path.Combine("m", "cache") };
        Assert.Equal(new DeviceOptions { Extractor = extractor, LargestBatch = 8, CaptureGraphs = true }, device);
        Assert.Equal(16, ScorerFactory.OnDevice(new ModelOptions { CacheFolder = "c" }).LargestBatch);
        Assert.Equal("c", ScorerFactory.OnDevice(new ModelOptions { CacheFolder = "c" }).Extractor.CacheFolder);
    }
}
