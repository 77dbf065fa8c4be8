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

    /// <summary>Managed memory; absent where a stage cannot be told from the others.</summary>
    public double? AllocatedBytesPerImage { get; init; }

    /// <param name="stage">Its name.</param>
    /// <param name="batch">Images of a call.</param>
    /// <param name="times">Milliseconds of each call, at least one; sorted here.</param>
    public static BenchRow Of(string stage, int batch, List<double> times)
    {
        times.Sort();
        var median = times[times.Count / 2];
        return new BenchRow
        {
            Stage = stage,
            Batch = batch,
            Calls = times.Count,
            MedianMs = median,
            P99Ms = times[(int)Math.Ceiling(0.99 * times.Count) - 1],
            ImagesPerSecond = 1000 * batch / median,
        };
    }
}
