namespace StructCore.Edge.Benchmarking;

/// <summary>Everything one run of <c>bench</c> measured; its JSON file is this.</summary>
internal sealed record BenchReport
{
    /// <summary>Grows when a stage or a figure changes its meaning.</summary>
    public const int CurrentSchema = 1;

    public required int Schema { get; init; }

    public required BenchMachine Machine { get; init; }

    public required BenchSetup Setup { get; init; }

    public required IReadOnlyList<BenchRow> Rows { get; init; }

    /// <summary>Stages that could not be measured here, with the reason.</summary>
    public required IReadOnlyList<string> LeftOut { get; init; }

    /// <summary>Most physical memory the process ever had, native memory included.</summary>
    public required double PeakMegabytes { get; init; }
}
