namespace StructCore.Edge.Benchmarking;

/// <summary>One stage at one batch size. The times are those of a call, which does the whole batch.</summary>
internal sealed record BenchRow
{
    public required string Stage { get; init; }

    public required int Batch { get; init; }

    /// <summary>Calls that were timed.</summary>
    public required int Calls { get; init; }

    public required double MedianMs { get; init; }

    /// <summary>Of fewer than a hundred calls, the slowest.</summary>
    public required double P99Ms { get; init; }

    /// <summary>By the median.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>Managed memory.</summary>
    public required double AllocatedBytesPerImage { get; init; }
}
