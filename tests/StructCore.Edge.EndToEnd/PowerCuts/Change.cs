using System.Text.Json.Nodes;
using StructCore.Edge.BankUpdates.Signing;

namespace StructCore.Tests.PowerCuts;

/// <summary>One kind of change to a station's banks, which the power may end anywhere.</summary>
/// <param name="Name">As in the table.</param>
/// <param name="Before">The station's folder before it.</param>
/// <param name="Old">What decides before.</param>
/// <param name="New">What decides when it went through.</param>
/// <param name="Ask">Asks for it, as often as need be.</param>
/// <param name="IsThrough">Whether a message of the station says that it went through.</param>
internal sealed record Change(string Name, string Before, Decider Old, Decider New, Func<Plc, Task> Ask, Func<Arrival, bool> IsThrough)
{
    /// <summary>What may decide on the way besides old and new.</summary>
    public Decider? Between { get; init; }

    /// <summary>The bank files of the category that are there in the end.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Where packages come from; null: through the broker.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>Other values of <c>Updates</c> than these tests have.</summary>
    public IReadOnlyDictionary<string, int> Updates { get; init; } = new Dictionary<string, int>();

    /// <summary>Under which what decides was signed.</summary>
    public required Trust Trust { get; init; }

    /// <summary>Asked a second time it would be undone.</summary>
    public bool IsToggle { get; init; }

    public IEnumerable<Decider> Deciders => Between is null ? [Old, New] : [Old, Between, New];

    public void Configure(JsonNode configuration)
    {
        configuration["Updates"]!["BaseUrl"] = BaseUrl;
        foreach (var (key, value) in Updates)
        {
            configuration["Updates"]![key] = value;
        }
    }

    public override string ToString() => Name;
}
