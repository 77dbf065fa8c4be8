using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace StructCore.Vision.Features;

/// <summary>What ONNX Runtime's CUDA and TensorRT providers are told, in their own names.</summary>
internal static class ProviderSettings
{
    /// <summary>CUDA. A captured graph needs every input and output bound at a fixed place on the device.</summary>
    public static Dictionary<string, string> Cuda(ExtractorOptions options, bool captureGraphs = false)
    {
        var settings = new Dictionary<string, string>
        {
            ["device_id"] = Text(options.Device),

            // The default doubles the arena each time, and what it took it keeps.
            ["arena_extend_strategy"] = "kSameAsRequested",

            // The default tries every algorithm at each new batch size, seconds in which a part would wait.
            ["cudnn_conv_algo_search"] = "HEURISTIC",
            ["use_tf32"] = Flag(options.Precision == Precision.Tf32),
            ["enable_cuda_graph"] = Flag(captureGraphs),
        };
        if (options.DeviceMemoryMegabytes > 0)
        {
            settings["gpu_mem_limit"] = Text((long)options.DeviceMemoryMegabytes << 20);
        }

        return settings;
    }

    /// <summary>
    /// TensorRT. No precision flag is set: the network is then built in the types that the model itself has, so that norms
    /// which would overflow float16 stay float32.
    /// </summary>
    /// <param name="options">Device and cache.</param>
    /// <param name="cacheName">Folder within the cache; another for each model, precision and version.</param>
    /// <param name="shapes">Smallest and largest shape of the input, which one engine then serves, <c>pixels:1x3x392x392</c>; null where every new shape may build another.</param>
    /// <param name="captureGraphs">As for CUDA.</param>
    public static Dictionary<string, string> TensorRt(ExtractorOptions options, string cacheName, (string Smallest, string Largest)? shapes = null, bool captureGraphs = false)
    {
        var settings = new Dictionary<string, string> { ["device_id"] = Text(options.Device), ["trt_cuda_graph_enable"] = Flag(captureGraphs) };
        if (options.CacheFolder is { } folder)
        {
            var path = Path.Combine(folder, cacheName);
            settings["trt_engine_cache_enable"] = settings["trt_timing_cache_enable"] = "1";
            settings["trt_engine_cache_path"] = settings["trt_timing_cache_path"] = path;
        }

        if (shapes is var (smallest, largest))
        {
            settings["trt_profile_min_shapes"] = smallest;
            settings["trt_profile_max_shapes"] = settings["trt_profile_opt_shapes"] = largest;
        }

        return settings;
    }

    /// <summary>Adds the providers that <paramref name="options"/> ask for; the processor needs none.</summary>
    /// <exception cref="ExecutionProviderException">Not part of this ONNX Runtime, or it does not start.</exception>
    public static void Append(SessionOptions session, ExtractorOptions options, Dictionary<string, string> cuda, Dictionary<string, string>? tensorRt)
    {
        if (options.Provider == ExecutionProvider.Cpu)
        {
            return;
        }

        var available = OnnxEnvironment.Instance.GetAvailableProviders();
        var wanted = options.Provider == ExecutionProvider.Cuda ? "CUDAExecutionProvider" : "TensorrtExecutionProvider";
        if (!available.Contains(wanted))
        {
            throw Missing(options, $"this ONNX Runtime has {string.Join(", ", available)}");
        }

        try
        {
            if (tensorRt is not null)
            {
                using var settings = new OrtTensorRTProviderOptions();
                settings.UpdateOptions(tensorRt);
                session.AppendExecutionProvider_Tensorrt(settings);
            }

            using var all = new OrtCUDAProviderOptions();
            all.UpdateOptions(cuda);
            session.AppendExecutionProvider_CUDA(all);
        }
        catch (OnnxRuntimeException e)
        {
            throw Missing(options, e.Message, e);
        }
    }

    private static ExecutionProviderException Missing(ExtractorOptions options, string why, Exception? inner = null) =>
        new($"Execution provider '{options.Provider}' on device {options.Device} cannot be used: {why}. Run 'scripts/setup --gpu' on a machine with an NVIDIA GPU and CUDA 13, or choose cpu.", inner);

    private static string Flag(bool value) => value ? "1" : "0";

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
