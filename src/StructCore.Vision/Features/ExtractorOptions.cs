namespace StructCore.Vision.Features;

/// <summary>How a backbone is run.</summary>
public sealed class ExtractorOptions
{
    /// <summary>What runs it. Default: <see cref="ExecutionProvider.Cpu"/>.</summary>
    public ExecutionProvider Provider { get; init; } = ExecutionProvider.Cpu;

    /// <summary>Index of the GPU; ignored on the processor. Default: 0.</summary>
    public int Device { get; init; }

    /// <summary>Threads that work on one image; 0 takes one per physical core. Default: 0.</summary>
    public int Threads { get; init; }
}
