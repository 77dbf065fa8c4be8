namespace StructCore.Vision.Evaluation;

/// <summary>The ROC curve of scores.</summary>
public static class RocCurve
{
    /// <summary>From (0, 0), one point per distinct score, to (1, 1).</summary>
    /// <param name="good">Scores of good samples, in any order.</param>
    /// <param name="defective">Scores of defective samples, in any order.</param>
    /// <exception cref="ArgumentException">One of the two is empty, or a score is NaN.</exception>
    public static IReadOnlyList<RocPoint> Of(ReadOnlySpan<float> good, ReadOnlySpan<float> defective)
    {
        if (good.IsEmpty || defective.IsEmpty)
        {
            throw new ArgumentException($"A ROC curve needs good and defective samples, got {good.Length} good and {defective.Length} defective.");
        }

        var points = new List<RocPoint> { default };
        for (var walk = new ThresholdWalk(RankingMetrics.Sorted(good, nameof(good)), RankingMetrics.Sorted(defective, nameof(defective))); walk.MoveNext();)
        {
            points.Add(new RocPoint((double)walk.FalsePositives / good.Length, (double)walk.TruePositives / defective.Length));
        }

        return points;
    }
}
