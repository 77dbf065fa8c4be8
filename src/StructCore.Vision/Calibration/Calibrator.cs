using StructCore.Vision.Scoring;

namespace StructCore.Vision.Calibration;

/// <summary>Learns from normal images what their scores look like (SPEC 8).</summary>
public static class Calibrator
{
    /// <summary>Fewer usable normal images than this are an error: with two, D is the same for both and lambda means nothing.</summary>
    public const int MinimumImages = 3;

    /// <summary>Fewer than this deserve a warning.</summary>
    public const int AdvisedImages = 16;

    /// <summary>mu, sigma, lambda = Std(S_base) / (Std(D) + 1e-8), and the thresholds at <paramref name="quantile"/>: SPEC 8 as it stands.</summary>
    /// <param name="scores">Maps of normal images, scored as <paramref name="method"/> says.</param>
    /// <param name="method">Recorded, not applied.</param>
    /// <param name="distance">Form of D.</param>
    /// <param name="quantile">0 to 1.</param>
    /// <param name="fixedLambda">Takes the place of the automatic lambda.</param>
    /// <exception cref="CalibrationException">Fewer than three images, or a score that is not a finite number.</exception>
    public static ScoreCalibration Calibrate(IReadOnlyList<MapStatistics> scores, CalibrationMethod method, DistanceForm distance, double quantile, float? fixedLambda = null) =>
        Learn(scores, method, distance, ThresholdRule.AtQuantile(quantile), fixedLambda);

    /// <summary>The same with thresholds by <paramref name="rule"/>; keeps the scores, so that there are p-values and it can be done again.</summary>
    /// <param name="normal">What normal images came to, scored as <paramref name="method"/> says.</param>
    /// <param name="method">Recorded, not applied.</param>
    /// <param name="distance">Form of D.</param>
    /// <param name="rule">Where the thresholds stand.</param>
    /// <param name="fixedLambda">Takes the place of the automatic lambda.</param>
    /// <exception cref="CalibrationException">Fewer than three images, or a score that is not a finite number.</exception>
    public static ScoreCalibration Calibrate(NormalScores normal, CalibrationMethod method, DistanceForm distance, ThresholdRule rule, float? fixedLambda = null)
    {
        ArgumentNullException.ThrowIfNull(normal);
        return Learn([.. normal.Select(n => n.Map)], method, distance, rule, fixedLambda) with { Normal = normal };
    }

    /// <summary>A calibration whose images other normal images join, or give way to, scored against the bank as it is.</summary>
    /// <param name="before">Gives the form of the distance, the share of unknown products, and the images that stay.</param>
    /// <param name="images">Parts that the bank was not fitted from.</param>
    /// <param name="replace">Whether they take the place of the images before.</param>
    /// <param name="rule">Where the thresholds stand.</param>
    /// <param name="fixedLambda">Takes the place of the automatic lambda.</param>
    /// <exception cref="CalibrationException">Nothing that they could join, or too few images.</exception>
    public static ScoreCalibration Recalibrate(ScoreCalibration before, NormalScores images, bool replace, ThresholdRule rule, float? fixedLambda = null)
    {
        RequireJoinable(before, replace);
        ArgumentNullException.ThrowIfNull(images);
        var (normal, method) = replace ? (images, CalibrationMethod.HeldOut) : (new NormalScores(before.Normal!.Concat(images)), before.Method);
        return Calibrate(normal, method, before.Distance, rule, fixedLambda) with { UnknownShare = before.UnknownShare };
    }

    /// <summary>Whether other images can join those of a calibration.</summary>
    /// <exception cref="CalibrationException">It kept no scores, or was calibrated on images that lie in the bank and so below all others; not where they are replaced.</exception>
    public static void RequireJoinable(ScoreCalibration before, bool replace)
    {
        ArgumentNullException.ThrowIfNull(before);
        if (!replace && (before.Normal is null || before.Method == CalibrationMethod.Paper))
        {
            throw new CalibrationException($"New images cannot join the {before.Images} images of this calibration: {(before.Normal is null ? "an older program made it and kept no scores" : "those lie in the bank, and so below all others")}. Let them take their place (--replace), with as many good parts as can be had.");
        }
    }

    private static ScoreCalibration Learn(IReadOnlyList<MapStatistics> scores, CalibrationMethod method, DistanceForm distance, ThresholdRule rule, float? fixedLambda)
    {
        ArgumentNullException.ThrowIfNull(scores);
        if (scores.Count < MinimumImages)
        {
            throw new CalibrationException($"Calibration needs at least {MinimumImages} usable normal images, got {scores.Count}. Add images of good parts ({AdvisedImages} or more).");
        }

        var phi = scores.Select(s => ScoreCalibration.Vector(s.Structure)).ToArray();
        if (scores.Any(s => !float.IsFinite(s.Maximum)) || phi.Any(p => !p.All(double.IsFinite)))
        {
            throw new CalibrationException("A normal image has a score that is not a finite number. The backbone gives broken features: import it again.");
        }

        var mean = new double[3];
        var deviation = new double[3];
        for (var i = 0; i < 3; i++)
        {
            (mean[i], deviation[i]) = MeanAndDeviation(phi.Select(p => p[i]));
        }

        var draft = new ScoreCalibration
        {
            Method = method,
            Distance = distance,
            Mean = Descriptor(mean),
            Deviation = Descriptor(deviation),
            Lambda = 0,
            Quantile = rule.Quantile,
            FalseReject = rule.FalseReject,
            BaseThreshold = 0,
            StructuralThreshold = 0,
            Threshold = 0,
            Images = scores.Count,
        };
        var structural = scores.Select(s => draft.StructuralDistance(s.Structure));
        var lambda = fixedLambda ?? (float)(MeanAndDeviation(scores.Select(s => (double)s.Maximum)).Deviation / (MeanAndDeviation(structural).Deviation + ScoreCalibration.Epsilon));
        draft = draft with { Lambda = lambda };
        var judged = scores.Select(draft.Score).ToArray();
        return draft with
        {
            BaseThreshold = (float)rule.Threshold(judged.Select(s => (double)s.Base)),
            StructuralThreshold = (float)rule.Threshold(judged.Select(s => (double)s.Structural)),
            Threshold = (float)rule.Threshold(judged.Select(s => (double)s.Hybrid)),
        };
    }

    private static (double Mean, double Deviation) MeanAndDeviation(IEnumerable<double> values)
    {
        var all = values.ToArray();
        var mean = all.Average();
        return (mean, Math.Sqrt(all.Average(v => (v - mean) * (v - mean))));
    }

    private static StructuralDescriptor Descriptor(double[] values) => new((float)values[0], (float)values[1], (float)values[2]);
}
