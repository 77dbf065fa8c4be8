namespace StructCore.Edge.Inspection;

/// <summary>A blank frame's way through the extractor and every bank, in milliseconds.</summary>
internal sealed record Rehearsal(double FeaturesMs, IReadOnlyList<BankRehearsal> Banks)
{
    public IEnumerable<string> Failures => Banks.Where(b => b.Failure is not null).Select(b => $"{b.Bank}: {b.Failure}");
}
