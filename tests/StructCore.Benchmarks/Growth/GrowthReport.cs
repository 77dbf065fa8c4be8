using StructCore.Edge.Benchmarking;

namespace StructCore.Benchmarks.Growth;

/// <summary>The points and what they were measured on.</summary>
internal sealed record GrowthReport(BenchMachine Machine, IReadOnlyList<GrowthPoint> Points);
