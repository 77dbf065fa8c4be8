namespace StructCore.Edge.Verdicts;

/// <summary>The answer to one trigger. An ERROR carries its reason and no score.</summary>
public sealed record Verdict(Decision Decision, string Reason)
{
    /// <summary>S_hyb of SPEC 8.</summary>
    public float? Score { get; init; }

    /// <summary>tau of SPEC 8; REJECT means score above it.</summary>
    public float? Threshold { get; init; }

    /// <summary>Share of good parts that score as high or higher, by the bank's calibration; absent where that kept no normal scores.</summary>
    public float? PValue { get; init; }

    /// <summary>The bank that decided.</summary>
    public string? Category { get; init; }

    /// <summary>Route distance of that category, where the image was routed or the recipe named it; of the nearest one in an ERROR <c>unknown_product</c>.</summary>
    public float? RouteDistance { get; init; }

    public BankIdentity? Bank { get; init; }

    public StageTimings Timings { get; init; }

    public static Verdict Error(string reason) => new(Decision.Error, reason);
}
