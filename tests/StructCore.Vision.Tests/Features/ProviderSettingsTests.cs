using StructCore.Vision.Features;

namespace StructCore.Tests.Features;

public sealed class ProviderSettingsTests
{
    [Fact]
    public void Cuda_ByDefault_RoundsNothingAndGrowsAsRequested()
    {
        var settings = ProviderSettings.Cuda(new ExtractorOptions { Device = 3 });

        Assert.Equal(("3", "0", "0", "kSameAsRequested"), (settings["device_id"], settings["use_tf32"], settings["enable_cuda_graph"], settings["arena_extend_strategy"]));
        Assert.DoesNotContain("gpu_mem_limit", settings.Keys);
    }

    [Fact]
    public void Cuda_AskedForMore_SaysSo()
    {
        var settings = ProviderSettings.Cuda(new ExtractorOptions { Precision = Precision.Tf32, DeviceMemoryMegabytes = 6000 }, captureGraphs: true);

        Assert.Equal(("1", "1", "6291456000"), (settings["use_tf32"], settings["enable_cuda_graph"], settings["gpu_mem_limit"]));
    }

    [Theory]
    [InlineData(Precision.Fp32)]
    [InlineData(Precision.Fp16)]
    public void TensorRt_InAnyPrecision_TakesTheModelsOwnTypes(Precision precision)
    {
        var settings = ProviderSettings.TensorRt(new ExtractorOptions { Precision = precision }, "unused");

        Assert.Equal(["device_id", "trt_cuda_graph_enable"], settings.Keys.Order());
    }

    [Fact]
    public void TensorRt_WithACache_BuildsOneEngineForAllBatches()
    {
        var settings = ProviderSettings.TensorRt(new ExtractorOptions { CacheFolder = "cache" }, "net-1", ("x:1x3", "x:16x3"), captureGraphs: true);

        Assert.Equal(Path.Combine("cache", "net-1"), settings["trt_engine_cache_path"]);
        Assert.Equal(settings["trt_engine_cache_path"], settings["trt_timing_cache_path"]);
        Assert.Equal(("1", "1", "1"), (settings["trt_engine_cache_enable"], settings["trt_timing_cache_enable"], settings["trt_cuda_graph_enable"]));
        Assert.Equal(("x:1x3", "x:16x3", "x:16x3"), (settings["trt_profile_min_shapes"], settings["trt_profile_opt_shapes"], settings["trt_profile_max_shapes"]));
    }
}
