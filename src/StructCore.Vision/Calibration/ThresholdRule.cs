namespace StructCore.Vision.Calibration;

/// <summary>Where a threshold stands among the scores of normal images.</summary>
public readonly record struct ThresholdRule
{
    private readonly double _quantile;
    private readonly double? _falseReject;

    private ThresholdRule(double quantile, double? falseReject) => (_quantile, _falseReject) = (quantile, falseReject);

    /// <summary>The quantile it stands at, 0 to 1; of a conformal one 1 - alpha.</summary>
    public double Quantile => _falseReject is { } alpha ? 1 - alpha : _quantile;

    /// <summary>alpha, the share of good parts that may be rejected; null where the rule is a quantile.</summary>
    public double? FalseReject => _falseReject;

    /// <summary>Reproduction mode (SPEC 8): the quantile of the scores, linear interpolation. Promises nothing about parts that were not seen.</summary>
    /// <param name="quantile">0 to 1.</param>
    public static ThresholdRule AtQuantile(double quantile)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(quantile);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quantile, 1);
        return new(quantile, null);
    }

    /// <summary>
    /// Conformal: the k-th largest score, k = floor(alpha·(n + 1)), so that a part is above it where p = (1 + #{s_i >= s}) / (n + 1) is at
    /// most alpha; the largest score where k = 0, the smallest where alpha is 1.
    /// </summary>
    /// <param name="alpha">Above 0, at most 1.</param>
    public static ThresholdRule Conformal(double alpha)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(alpha);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(alpha, 1);
        return new(0, alpha);
    }

    /// <summary>Images that a conformal promise of <paramref name="alpha"/> takes at least: ceil(1/alpha) - 1.</summary>
    public static int ImagesNeeded(double alpha) => (int)Math.Min(int.MaxValue, Math.Ceiling(1 / (decimal)Math.Max(alpha, 1e-9)) - 1);

    /// <summary>The threshold among <paramref name="scores"/>, at least one, in any order.</summary>
    public double Threshold(IEnumerable<double> scores)
    {
        if (_falseReject is not { } alpha)
        {
            return Calibration.Quantile.Of(scores, _quantile);
        }

        var descending = scores.OrderDescending().ToArray();
        return descending[Math.Clamp(Rank(alpha, descending.Length), 1, descending.Length) - 1];
    }

    /// <summary>k = floor(alpha·(n + 1)), in decimals: 0.07·100 is 7, not a little more.</summary>
    internal static int Rank(double alpha, int images) => (int)Math.Floor((decimal)alpha * (images + 1));
}
