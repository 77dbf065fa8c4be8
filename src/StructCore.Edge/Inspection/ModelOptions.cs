using System.ComponentModel.DataAnnotations;
using StructCore.Vision.Features;

namespace StructCore.Edge.Inspection;

/// <summary><c>Models</c> in the configuration: the backbone and what runs it.</summary>
internal sealed class ModelOptions
{
    /// <summary>Folder that is searched for backbones, before the one beside the executable.</summary>
    [Required]
    public string Folder { get; set; } = "models";

    /// <summary>Name or file; absent: the one the banks were fitted with.</summary>
    public string? Backbone { get; set; }

    /// <summary><c>cpu</c>, <c>cuda</c> or <c>tensorrt</c>.</summary>
    public ExecutionProvider Provider { get; set; } = ExecutionProvider.Cpu;

    /// <summary>Index of the GPU, 0 to 15.</summary>
    [Range(0, 15)]
    public int Device { get; set; }

    /// <summary><c>fp32</c>, <c>fp16</c> or <c>tf32</c>: what the backbone computes in on a GPU; try <c>structcore evaluate --against-fp32</c> first.</summary>
    public Precision Precision { get; set; } = Precision.Fp32;

    /// <summary>Folder for what a GPU needs long to make: float16 models, TensorRT's engines and timings, all of which may be deleted. Absent: <c>cache</c> in the folder of backbones.</summary>
    public string? CacheFolder { get; set; }

    /// <summary>Most memory each of ONNX Runtime's arenas may take on the GPU, MiB, 0 to 1048576: the backbone's, and that of banks and scores; 0 is no limit. TensorRT's engine comes on top.</summary>
    [Range(0, 1 << 20)]
    public int DeviceMemoryMegabytes { get; set; }

    /// <summary>Record the backbone's kernels on the GPU once for every batch size, and replay them.</summary>
    public bool CudaGraphs { get; set; }

    /// <summary>Threads of the whole agent that compute, 0 to 256; 0 takes one per physical core.</summary>
    [Range(0, 256)]
    public int Threads { get; set; }

    /// <summary>Most images that are scored together when triggers arrive together, 0 to 64; 0 takes what pays on the device: 1 on the processor, 16 on a GPU.</summary>
    [Range(0, 64)]
    public int BatchSize { get; set; }

    /// <summary>How long a part waits for others to be scored with it, 0 to 1000; 0 takes only those that are there already. Never past a deadline.</summary>
    [Range(0, 1000)]
    public int BatchWaitMs { get; set; }
}
