using StructCore.Vision.Features;
using StructCore.Vision.Inference;

namespace StructCore.Tests.Inference;

/// <summary>The device's graphs, on the processor.</summary>
public sealed class DeviceScorerTests : ImageScorerTests
{
    [Theory]
    [InlineData(ExecutionProvider.Cuda)]
    [InlineData(ExecutionProvider.TensorRt)]
    public void Open_OnAProviderThatDoesNotStart_SaysWhatToDo(ExecutionProvider provider)
    {
        Assert.SkipWhen(File.Exists("/dev/nvidiactl"), "this machine has an NVIDIA GPU");

        var error = Assert.Throws<ExecutionProviderException>(() => DeviceScorer.Open(SharedFiles.EmbeddedBackbone, new() { Extractor = new() { Provider = provider, Precision = Precision.Tf32 } }, TimeProvider.System));

        Assert.Contains($"'{provider}'", error.Message);
        Assert.Contains("scripts/setup --gpu", error.Message);
    }

    // Two at a time, so that five images take passes of both sizes.
    protected override ImageScorer Open() => DeviceScorer.Open(SharedFiles.EmbeddedBackbone, new() { LargestBatch = 2 }, TimeProvider.System);
}
