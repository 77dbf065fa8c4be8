namespace StructCore.Vision.Features;

/// <summary>How a backbone is run.</summary>
public sealed record ExtractorOptions
{
    /// <summary>What runs it. Default: <see cref="ExecutionProvider.Cpu"/>.</summary>
    public ExecutionProvider Provider { get; init; } = ExecutionProvider.Cpu;

    /// <summary>Index of the GPU; ignored on the processor. Default: 0.</summary>
    public int Device { get; init; }

    /// <summary>Threads that work on one image; 0 takes <see cref="ComputeThreads.Count"/>. Default: 0.</summary>
    public int Threads { get; init; }

    /// <summary>Numbers it computes in. Default: <see cref="Precision.Fp32"/>.</summary>
    public Precision Precision { get; init; } = Precision.Fp32;

    /// <summary>Most device memory each of ONNX Runtime's arenas may take, MiB: the backbone's, and that of banks and scores; 0 is no limit. TensorRT's engine lies outside. Default: 0.</summary>
    public int DeviceMemoryMegabytes { get; init; }

    /// <summary>Folder for what takes long to make: float16 models, TensorRT's engines and timings. Null: nothing is kept. Default: null.</summary>
    public string? CacheFolder { get; init; }
}
