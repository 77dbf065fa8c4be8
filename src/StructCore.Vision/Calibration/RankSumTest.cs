namespace StructCore.Vision.Calibration;

/// <summary>The rank-sum test of Wilcoxon, Mann and Whitney: whether one sample lies higher than another, whatever their distribution.</summary>
public static class RankSumTest
{
    /// <summary>
    /// p(U >= u) where both samples come from one distribution: normal with mean n·m/2 and variance n·m·(n + m + 1)/12, continuity corrected. The
    /// distribution of U has lighter tails than that, and ties make it narrower: small p-values are too large rather than too small.
    /// </summary>
    /// <param name="u">Pairs in which the value of the first sample is the larger one, ties count half; 0 to n·m.</param>
    /// <param name="first">Values of the first sample, n, at least one.</param>
    /// <param name="second">Values of the second sample, m, at least one.</param>
    public static double PValue(double u, int first, int second)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(first);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(second);
        var pairs = (double)first * second;
        return UpperTail((u - (pairs / 2) - 0.5) / Math.Sqrt(pairs * (first + second + 1) / 12));
    }

    /// <summary>1 - Phi(z) by the Chebyshev fit of erfc in Numerical Recipes (6.2), relative error below 1.2e-7 everywhere.</summary>
    internal static double UpperTail(double z)
    {
        ReadOnlySpan<double> coefficients = [0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368, -1.26551223];
        var x = Math.Abs(z) / Math.Sqrt(2);
        var t = 1 / (1 + (x / 2));
        var polynomial = 0d;
        foreach (var coefficient in coefficients)
        {
            polynomial = (polynomial * t) + coefficient;
        }

        var tail = t * Math.Exp((-x * x) + polynomial) / 2;
        return z >= 0 ? tail : 1 - tail;
    }
}
