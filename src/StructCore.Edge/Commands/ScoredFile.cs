using System.Text.Json.Serialization;
using StructCore.Edge.Verdicts;

namespace StructCore.Edge.Commands;

/// <summary>What <c>score</c> says of one image file. An ERROR has its reason and no score.</summary>
internal sealed record ScoredFile(string Image, [property: JsonIgnore] Decision Decision)
{
    /// <summary>ACCEPT, REJECT or ERROR.</summary>
    public string Verdict => Decision.ToString().ToUpperInvariant();

    public string? Category { get; init; }

    public string? Bank { get; init; }

    /// <summary>Route distance of every category asked.</summary>
    public IReadOnlyDictionary<string, float>? Route { get; init; }

    public float? Base { get; init; }

    public float? Struct { get; init; }

    public float? Hybrid { get; init; }

    /// <summary>The hybrid score above which an image is rejected.</summary>
    public float? Threshold { get; init; }

    /// <summary>Share of good parts that score as high or higher.</summary>
    public double? PValue { get; init; }

    /// <summary>The overlay that was written.</summary>
    public string? Overlay { get; init; }

    /// <summary>The map that was written.</summary>
    public string? Map { get; init; }

    public string? Error { get; init; }
}
