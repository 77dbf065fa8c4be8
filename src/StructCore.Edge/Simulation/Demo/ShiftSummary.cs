using System.Globalization;
using StructCore.Edge.Simulation.Defects;

namespace StructCore.Edge.Simulation.Demo;

/// <summary>What a shift comes to.</summary>
internal static class ShiftSummary
{
    public static IEnumerable<string> Lines(IReadOnlyList<ShiftLine> shift)
    {
        var (good, defective) = (shift.Where(l => l.Part.Defect is null).ToArray(), shift.Where(l => l.Part.Defect is not null).ToArray());
        yield return $"good parts      {good.Count(l => l.Outcome.Accepted)} of {good.Length} accepted, {good.Count(l => l.IsFalseReject)} rejected without need";
        yield return $"defective parts {defective.Count(l => !l.Outcome.Accepted && !l.IsError)} of {defective.Length} rejected, {defective.Count(l => l.IsMissed)} missed";
        yield return $"by defect       {string.Join(", ", Enum.GetValues<DefectKind>().Select(d => ByDefect(d, defective)))}";
        yield return $"errors          {shift.Count(l => l.IsError)}, all of them kept out of the good bin";

        var routed = shift.Where(l => !l.Part.NamesRecipe && l.Outcome.Verdict?.Category is not null).ToArray();
        yield return $"routing         {routed.Count(l => l.Outcome.Verdict!.Category == l.Part.Category)} of {routed.Length} parts without a recipe found their product";
        yield return $"verdicts        {shift.Count(l => l.Book.HasOneVerdict)} of {shift.Count} triggers got exactly one";

        var latencies = shift.Select(l => l.Outcome.Latency.TotalMilliseconds).Order().ToArray();
        yield return string.Create(CultureInfo.InvariantCulture, $"latency         median {Quantile(latencies, 0.5):0} ms, p99 {Quantile(latencies, 0.99):0} ms, from the trigger to the PLC's decision");
    }

    /// <summary>Nearest rank.</summary>
    public static double Quantile(IReadOnlyList<double> sorted, double quantile) =>
        sorted[Math.Max(0, (int)Math.Ceiling(quantile * sorted.Count) - 1)];

    private static string ByDefect(DefectKind defect, IEnumerable<ShiftLine> defective)
    {
        var lines = defective.Where(l => l.Part.Defect == defect).ToArray();
        return $"{ShiftTable.Name(defect)} {lines.Count(l => !l.Outcome.Accepted && !l.IsError)}/{lines.Length}";
    }
}
