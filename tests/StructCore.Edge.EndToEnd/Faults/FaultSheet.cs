using System.Text;

namespace StructCore.Tests.Faults;

/// <summary>The tallies of all faults of a run; at its end a table, where the variable <c>STRUCTCORE_FAULTS_TABLE</c> names a file for it.</summary>
public sealed class FaultSheet : IDisposable
{
    private readonly SortedDictionary<string, FaultTally> _tallies = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _skipped = new(StringComparer.Ordinal);

    /// <summary>Skips the calling test, not without a line in the table.</summary>
    public void Skip(string fault, string reason)
    {
        _skipped[fault] = reason;
        Assert.Skip(reason);
    }

    public void Dispose()
    {
        if (Environment.GetEnvironmentVariable("STRUCTCORE_FAULTS_TABLE") is { Length: > 0 } path)
        {
            File.WriteAllText(path, ToString());
        }
    }

    public override string ToString()
    {
        var table = new StringBuilder("| fault | tried | triggers | lost | late | wrong |\n|---|---|---|---|---|---|\n");
        foreach (var (fault, t) in _tallies)
        {
            table.Append($"| {fault} | {t.Tried} | {t.Triggers} | {t.Lost} | {t.Late} | {t.Wrong} |\n");
        }

        foreach (var (fault, reason) in _skipped)
        {
            table.Append($"| {fault} | not tried here: {reason} | | | | |\n");
        }

        return table.Append($"\n{_tallies.Values.Aggregate(new FaultTally(0, 0, 0, 0, 0), (a, b) => a + b)}\n").ToString();
    }

    internal void Add(string fault, FaultTally tally) => _tallies[fault] = _tallies.TryGetValue(fault, out var before) ? before + tally : tally;
}
