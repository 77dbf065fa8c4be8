using System.Text;

namespace StructCore.Tests.PowerCuts;

/// <summary>What became of every cut and of everything that had to be refused; at the end a table, where the variable <c>STRUCTCORE_POWERCUTS_TABLE</c> names a file for it.</summary>
public sealed class PowerCutSheet : IDisposable
{
    private readonly SortedDictionary<string, (int Steps, int Bricked)> _cuts = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, (int Tried, int Refused, string Code)> _refusals = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _skipped = new(StringComparer.Ordinal);

    /// <summary>One step at which the power was cut.</summary>
    public void AddCut(string change, bool bricked)
    {
        var (steps, before) = _cuts.GetValueOrDefault(change);
        _cuts[change] = (steps + 1, before + (bricked ? 1 : 0));
    }

    /// <summary>Something that must not be taken; <paramref name="code"/> is the reason it must be refused for.</summary>
    public void AddRefusal(string what, string code, int tried, int refused)
    {
        var before = _refusals.GetValueOrDefault(what);
        _refusals[what] = (before.Tried + tried, before.Refused + refused, code);
    }

    /// <summary>Skips the calling test, not without a line in the table.</summary>
    public void Skip(string what, string reason)
    {
        _skipped[what] = reason;
        Assert.Skip(reason);
    }

    public void Dispose()
    {
        if (Environment.GetEnvironmentVariable("STRUCTCORE_POWERCUTS_TABLE") is { Length: > 0 } path)
        {
            File.WriteAllText(path, ToString());
        }
    }

    public override string ToString()
    {
        var table = new StringBuilder("| power cut during | steps | bricked |\n|---|---|---|\n");
        foreach (var (change, (steps, bricked)) in _cuts)
        {
            table.Append($"| {change} | {steps} | {bricked} |\n");
        }

        table.Append("\n| refused | as | tried | refused |\n|---|---|---|---|\n");
        foreach (var (what, (tried, refused, code)) in _refusals)
        {
            table.Append($"| {what} | `{code}` | {tried} | {refused} |\n");
        }

        foreach (var (what, reason) in _skipped)
        {
            table.Append($"| {what} | not tried here: {reason} | | |\n");
        }

        return table.Append($"\nsteps {_cuts.Values.Sum(c => c.Steps)}, bricked {_cuts.Values.Sum(c => c.Bricked)}, refused {_refusals.Values.Sum(r => r.Refused)} of {_refusals.Values.Sum(r => r.Tried)}\n").ToString();
    }
}
