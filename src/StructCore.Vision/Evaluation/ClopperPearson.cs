namespace StructCore.Vision.Evaluation;

/// <summary>The exact confidence interval of a rate that was counted (Clopper and Pearson, Biometrika 1934): it holds at least as often as it says, however few the trials.</summary>
public static class ClopperPearson
{
    /// <summary>Rates that <paramref name="hits"/> of <paramref name="trials"/> do not contradict, both ends included; 0 to 1.</summary>
    /// <param name="hits">0 to <paramref name="trials"/>.</param>
    /// <param name="trials">Independent trials, 1 or more.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    public static (double Low, double High) Interval(int hits, int trials, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(trials);
        ArgumentOutOfRangeException.ThrowIfNegative(hits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hits, trials);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(confidence, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(confidence, 1);
        var tail = (1 - confidence) / 2;
        return (1 - Upper(trials - hits, trials, tail), Upper(hits, trials, tail));
    }

    /// <summary>The rate at which so few hits have the probability <paramref name="tail"/>.</summary>
    private static double Upper(int hits, int trials, double tail)
    {
        if (hits == trials)
        {
            return 1;
        }

        var (low, high) = ((double)hits / trials, 1d);
        for (var middle = (low + high) / 2; low < middle && middle < high; middle = (low + high) / 2)
        {
            (low, high) = AtMost(hits, trials, middle) > tail ? (middle, high) : (low, middle);
        }

        return high;
    }

    /// <summary>P(X &lt;= hits) of the binomial distribution, for a rate of hits / trials or more: there the terms shrink from the last one down, and no sum overflows.</summary>
    private static double AtMost(int hits, int trials, double rate)
    {
        var logarithm = (trials - hits) * double.LogP1(-rate);
        for (var i = 1; i <= hits; i++)
        {
            logarithm += Math.Log((double)(trials - hits + i) / i * rate);
        }

        var (term, sum) = (1d, 1d);
        for (var i = hits; i > 0 && term > 0; i--)
        {
            term *= i / (trials - i + 1d) * ((1 - rate) / rate);
            sum += term;
        }

        return sum * Math.Exp(logarithm);
    }
}
