using StructCore.Vision.Calibration;

namespace StructCore.Vision.Evaluation;

/// <summary>Counts what calibrations reject at nominal rates of false rejects from 0.1 to 10 %. One caller at a time.</summary>
public sealed class ReliabilityTable
{
    private readonly int[] _rejected = new int[NominalRates.Count];
    private readonly int[] _missed = new int[NominalRates.Count];
    private int _good;
    private int _defective;

    /// <summary>The nominal rates, fractions of 1, ascending.</summary>
    public static IReadOnlyList<double> NominalRates { get; } = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1];

    /// <summary>Judges images that had no part in the calibration, with the threshold its rule would give at each nominal rate.</summary>
    /// <param name="calibration">One that kept its normal scores.</param>
    /// <param name="good">Hybrid scores of good images, in any order.</param>
    /// <param name="defective">Hybrid scores of defective images, in any order.</param>
    /// <exception cref="ArgumentException">The calibration kept no normal scores.</exception>
    public void Add(ScoreCalibration calibration, ReadOnlySpan<float> good, ReadOnlySpan<float> defective)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        var normal = calibration.Normal ?? throw new ArgumentException("The calibration kept no normal scores. Fit the bank again.", nameof(calibration));
        var scores = normal.Select(n => (double)calibration.Score(n.Map).Hybrid).ToArray();
        for (var i = 0; i < _rejected.Length; i++)
        {
            var rule = calibration.FalseReject is null ? ThresholdRule.AtQuantile(1 - NominalRates[i]) : ThresholdRule.Conformal(NominalRates[i]);
            var threshold = (float)rule.Threshold(scores);
            _rejected[i] += good.Length - ScoreReport.Accepted(good, threshold);
            _missed[i] += ScoreReport.Accepted(defective, threshold);
        }

        _good += good.Length;
        _defective += defective.Length;
    }

    /// <summary>A row per nominal rate over all that was added; none where no good image was.</summary>
    public IReadOnlyList<ReliabilityRow> Rows() => _good == 0 ? [] : [.. NominalRates.Select((nominal, i) =>
    {
        var (low, high) = ClopperPearson.Interval(_rejected[i], _good);
        return new ReliabilityRow(nominal, (double)_rejected[i] / _good, low, high, _defective == 0 ? null : (double)_missed[i] / _defective, _good);
    })];
}
