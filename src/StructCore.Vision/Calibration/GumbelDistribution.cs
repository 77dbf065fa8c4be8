namespace StructCore.Vision.Calibration;

/// <summary>The extreme value distribution F(x) = exp(-exp(-(x - location) / scale)): what the largest of many values tends to, whatever those follow.</summary>
/// <param name="Location">Where F is 1/e.</param>
/// <param name="Scale">In units of x, 0 or more; 0 where half of what it was fitted to is one value.</param>
public sealed record GumbelDistribution(double Location, double Scale)
{
    private const double Lower = 0.25;
    private const double Upper = 0.75;

    /// <summary>Fits by the quartiles, which a few values that do not belong to the rest hardly move.</summary>
    /// <param name="values">1 or more, in any order.</param>
    public static GumbelDistribution Fit(IReadOnlyCollection<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var (lower, upper) = (Quantile.Of(values, Lower), Quantile.Of(values, Upper));
        var scale = (upper - lower) / (Standard(Upper) - Standard(Lower));
        return new GumbelDistribution(lower - (scale * Standard(Lower)), scale);

        static double Standard(double q) => -Math.Log(-Math.Log(q));
    }

    /// <summary>1 - F: the probability of a value beyond <paramref name="value"/>, 0 to 1.</summary>
    public double Beyond(double value) =>
        Scale > 0 ? 1 - Math.Exp(-Math.Exp(-(value - Location) / Scale))
        : value > Location ? 0 : 1;
}
