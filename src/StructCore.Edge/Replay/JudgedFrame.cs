using StructCore.Edge.Verdicts;

namespace StructCore.Edge.Replay;

/// <summary>What a verdict says of a frame, as far as a replay can repeat it.</summary>
/// <param name="Verdict">ACCEPT, REJECT or ERROR.</param>
/// <param name="Category">The recipe's, or the one the frame was routed to.</param>
internal sealed record JudgedFrame(string Verdict, string? Category, float? RouteDistance, float? Score, float? Threshold)
{
    // Relative to the threshold, or to the distance. Two processors differ by 1e-6 or so; a GPU that computes with shorter numbers by up to this.
    public const float Tolerance = 0.001f;

    public static JudgedFrame Of(Verdict verdict) =>
        new(verdict.Decision.ToString().ToUpperInvariant(), verdict.Category, verdict.RouteDistance, verdict.Score, verdict.Threshold);

    public bool IsNear(JudgedFrame other) =>
        (Verdict, Category, Threshold) == (other.Verdict, other.Category, other.Threshold)
        && Math.Abs(Score - other.Score ?? float.NaN) <= Tolerance * Math.Abs(Threshold ?? 0)
        && Math.Abs(RouteDistance - other.RouteDistance ?? float.NaN) <= Tolerance * Math.Abs(RouteDistance ?? 0);
}
