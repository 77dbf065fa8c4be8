namespace StructCore.Vision.Calibration;

/// <summary>
/// Split-conformal p-values: p(s) = (1 + #{s_i >= s}) / (n + 1), the share of good parts that score as high as a part or higher. Where
/// calibration images and parts are exchangeable, a good part has p at most alpha with a probability of at most alpha.
/// </summary>
/// <remarks>Immutable; safe to use from any thread.</remarks>
public sealed class PValues
{
    private readonly float[] _ascending;

    private PValues(float[] ascending) => _ascending = ascending;

    /// <summary>Those of a calibration's hybrid scores; null where it kept no normal scores.</summary>
    public static PValues? Of(ScoreCalibration calibration)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        return calibration.Normal is { } normal ? new PValues([.. normal.Select(n => calibration.Score(n.Map).Hybrid).Order()]) : null;
    }

    /// <summary>p of a hybrid score, 1 / (n + 1) to 1; of a score that is not a number the smallest.</summary>
    public double Of(float score)
    {
        // The first place whose score is not below: all from there on count.
        var (first, end) = (0, _ascending.Length);
        while (first < end)
        {
            var middle = (first + end) / 2;
            (first, end) = _ascending[middle] < score || float.IsNaN(score) ? (middle + 1, end) : (first, middle);
        }

        return (1d + (_ascending.Length - first)) / (_ascending.Length + 1);
    }
}
