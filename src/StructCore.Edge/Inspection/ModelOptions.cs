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

    /// <summary>Threads per image, 0 to 256; 0 takes one per physical core.</summary>
    [Range(0, 256)]
    public int Threads { get; set; }
}
