namespace StructCore.Vision.Calibration;

/// <summary>Which of many p-values count, so that few of those that do are chance: Benjamini and Hochberg (1995).</summary>
public static class FalseDiscovery
{
    /// <summary>The largest p-value that counts: p_(k) with the largest k for which p_(k) is at most share·k/m.</summary>
    /// <param name="pValues">m values of 0 to 1, in any order.</param>
    /// <param name="share">Of those that count, at most this share is chance, on average; where all are chance, the probability that any counts. 0 to 1.</param>
    /// <returns>Null where none counts.</returns>
    public static double? Limit(IEnumerable<double> pValues, double share)
    {
        var sorted = pValues.Order().ToArray();
        for (var k = sorted.Length; k > 0; k--)
        {
            if (sorted[k - 1] <= share * k / sorted.Length)
            {
                return sorted[k - 1];
            }
        }

        return null;
    }
}
