using StructCore.Edge.Benchmarking;

namespace StructCore.Benchmarks.Adapters;

/// <summary>One adapter set: its name, the libraries behind it, and how fast it was on which machine.</summary>
internal sealed record AdaptersReport(string Adapters, IReadOnlyList<string> Libraries, BenchMachine Machine, IReadOnlyList<SeamRow> Rows);
