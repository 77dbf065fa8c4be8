using System.Globalization;
using System.Text.RegularExpressions;
using StructCore.Edge.Simulation.Defects;

namespace StructCore.Edge.Simulation.Demo;

/// <summary>A shift as text, a line a part.</summary>
internal static partial class ShiftTable
{
    public const string Header = "part  product  truth            verdict  category    score  threshold  latency";

    public static string Line(ShiftLine line)
    {
        var verdict = line.Outcome.Verdict;
        var remark = line.IsMissed ? "  missed" : line.IsFalseReject ? "  false reject" : line.IsError ? $"  {line.Outcome.Reason}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{line.Part.Number:0000}  {line.Part.Category,-7}  {(line.Part.Defect is { } defect ? Name(defect) : "good"),-15}  {verdict?.Decision ?? "none",-7}  {verdict?.Category ?? "-",-8}  {Number(verdict?.Score),7}  {Number(verdict?.Threshold),9}  {line.Outcome.Latency.TotalMilliseconds,4:0} ms{remark}");
    }

    public static string Name(DefectKind defect) => WordStart().Replace(defect.ToString(), " $0").TrimStart().ToLowerInvariant();

    private static string Number(double? value) => value?.ToString("0.00", CultureInfo.InvariantCulture) ?? "-";

    [GeneratedRegex("[A-Z]")]
    private static partial Regex WordStart();
}
