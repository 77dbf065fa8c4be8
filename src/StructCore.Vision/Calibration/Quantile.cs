namespace StructCore.Vision.Calibration;

/// <summary>Quantiles with linear interpolation, numpy's default.</summary>
public static class Quantile
{
    /// <summary>The <paramref name="q"/> quantile of <paramref name="values"/>, 0 to 1; the values need no order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No value, or q outside 0 to 1.</exception>
    public static double Of(IEnumerable<double> values, double q)
    {
        var sorted = values.Order().ToArray();
        ArgumentOutOfRangeException.ThrowIfZero(sorted.Length, nameof(values));
        ArgumentOutOfRangeException.ThrowIfNegative(q);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(q, 1);
        var place = q * (sorted.Length - 1);
        var lower = (int)place;
        var upper = Math.Min(lower + 1, sorted.Length - 1);
        return sorted[lower] + ((place - lower) * (sorted[upper] - sorted[lower]));
    }
}
