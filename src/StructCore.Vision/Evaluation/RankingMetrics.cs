namespace StructCore.Vision.Evaluation;

/// <summary>How well scores rank defective above good samples, images or pixels (SPEC 9). All are fractions of 1.</summary>
/// <param name="Auroc">Area under the ROC curve; ties count half.</param>
/// <param name="AveragePrecision">Step-wise sum of precision over the rises in recall, as scikit-learn has it.</param>
/// <param name="F1Max">The largest F1 over all thresholds.</param>
public sealed record RankingMetrics(double Auroc, double AveragePrecision, double F1Max)
{
    /// <summary>Measures scores against the truth; thresholds are the distinct scores, positive means score &gt;= threshold.</summary>
    /// <param name="good">Scores of good samples, in any order.</param>
    /// <param name="defective">Scores of defective samples, in any order.</param>
    /// <exception cref="ArgumentException">One of the two is empty, or a score is NaN.</exception>
    public static RankingMetrics Of(ReadOnlySpan<float> good, ReadOnlySpan<float> defective)
    {
        var (sortedGood, sortedDefective) = (Sorted(good, nameof(good)), Sorted(defective, nameof(defective)));
        return OfSorted(sortedGood, sortedDefective);
    }

    /// <summary>The same for scores that are sorted ascending and hold no NaN.</summary>
    internal static RankingMetrics OfSorted(ReadOnlySpan<float> good, ReadOnlySpan<float> defective)
    {
        if (good.IsEmpty || defective.IsEmpty)
        {
            throw new ArgumentException($"Ranking metrics need good and defective samples, got {good.Length} good and {defective.Length} defective.");
        }

        double area = 0, averagePrecision = 0, f1Max = 0;
        var (lastFalse, lastTrue) = (0, 0);
        for (var walk = new ThresholdWalk(good, defective); walk.MoveNext(); (lastFalse, lastTrue) = (walk.FalsePositives, walk.TruePositives))
        {
            var (falsePositives, truePositives) = ((double)walk.FalsePositives, (double)walk.TruePositives);
            area += (falsePositives - lastFalse) * (truePositives + lastTrue) / 2;
            averagePrecision += (truePositives - lastTrue) * truePositives / (truePositives + falsePositives);
            f1Max = Math.Max(f1Max, 2 * truePositives / (truePositives + falsePositives + defective.Length));
        }

        return new RankingMetrics(area / good.Length / defective.Length, averagePrecision / defective.Length, f1Max);
    }

    internal static float[] Sorted(ReadOnlySpan<float> scores, string name)
    {
        var sorted = scores.ToArray();
        Array.Sort(sorted);

        // NaN sorts before everything else.
        return sorted.Length == 0 || !float.IsNaN(sorted[0]) ? sorted : throw new ArgumentException("A score is NaN; scores must be numbers.", name);
    }
}
