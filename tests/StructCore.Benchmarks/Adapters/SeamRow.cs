using StructCore.Edge.Benchmarking;

namespace StructCore.Benchmarks.Adapters;

/// <summary>How long one thing takes behind a seam.</summary>
/// <param name="Seam">The interface.</param>
/// <param name="Work">What was done.</param>
/// <param name="Calls">How often that was timed.</param>
/// <param name="MedianMs">Milliseconds of a call.</param>
/// <param name="P99Ms">The same; of fewer than a hundred calls, the slowest.</param>
/// <param name="PerSecond">By the median; a call may do several at once.</param>
internal sealed record SeamRow(string Seam, string Work, int Calls, double MedianMs, double P99Ms, double PerSecond)
{
    public static SeamRow Of(string seam, BenchRow row) => new(seam, row.Stage, row.Calls, row.MedianMs, row.P99Ms, row.ImagesPerSecond);
}
