using System.Text.Json.Serialization;
using StructCore.Vision.Scoring;

namespace StructCore.Vision.Calibration;

/// <summary>What the scores of normal images look like, and the thresholds that follow (SPEC 8). Immutable.</summary>
public sealed record ScoreCalibration
{
    internal const double Epsilon = 1e-8;

    /// <summary>How the normal scores were obtained.</summary>
    public required CalibrationMethod Method { get; init; }

    /// <summary>One- or two-sided structural distance.</summary>
    public required DistanceForm Distance { get; init; }

    /// <summary>Per-dimension mean of phi over the normal images, mu.</summary>
    public required StructuralDescriptor Mean { get; init; }

    /// <summary>Per-dimension population standard deviation of phi, sigma.</summary>
    public required StructuralDescriptor Deviation { get; init; }

    /// <summary>Weight of the structural distance in the hybrid score, lambda.</summary>
    public required float Lambda { get; init; }

    /// <summary>The quantile of the normal scores the thresholds stand at, 0 to 1.</summary>
    public required double Quantile { get; init; }

    /// <summary>alpha where the thresholds are conformal, else absent: at a mere quantile, or set by hand.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? FalseReject { get; init; }

    /// <summary>Threshold of S_base alone.</summary>
    public required float BaseThreshold { get; init; }

    /// <summary>Threshold of D alone.</summary>
    public required float StructuralThreshold { get; init; }

    /// <summary>tau: a part is rejected where S_hyb is above it.</summary>
    public required float Threshold { get; init; }

    /// <summary>Normal images the calibration rests on.</summary>
    public required int Images { get; init; }

    /// <summary>What those images came to; absent where an older program made the calibration, so that there are no p-values.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NormalScores? Normal { get; init; }

    /// <summary>Share of good parts that may be refused as an unknown product, above 0, at most 1; absent, or without normal scores: none is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? UnknownShare { get; init; }

    /// <summary>The rule the thresholds follow.</summary>
    [JsonIgnore]
    public ThresholdRule Rule => FalseReject is { } alpha ? ThresholdRule.Conformal(alpha) : ThresholdRule.AtQuantile(Quantile);

    /// <summary>Whether every weight, threshold, moment and normal score is a finite number.</summary>
    [JsonIgnore]
    public bool IsFinite => Vector(Mean).Concat(Vector(Deviation)).Concat([Lambda, BaseThreshold, StructuralThreshold, Threshold]).All(double.IsFinite) && Normal is not { IsFinite: false };

    /// <summary>D = || (phi - mu) / (sigma + 1e-8) ||_2 and S_hyb = S_base + lambda·D.</summary>
    /// <param name="maximum">S_base of the map.</param>
    /// <param name="structure">phi of the map.</param>
    public ImageScore Score(float maximum, StructuralDescriptor structure)
    {
        var distance = StructuralDistance(structure);
        return new ImageScore(maximum, (float)distance, (float)(maximum + (Lambda * distance)));
    }

    /// <summary>The score of a whole map.</summary>
    public ImageScore Score(MapStatistics map) => Score(map.Maximum, map.Structure);

    /// <summary>Whether the score is above tau. A score that is not a number rejects.</summary>
    public bool Rejects(ImageScore score) => !(score.Hybrid <= Threshold);

    internal static double[] Vector(StructuralDescriptor phi) => [phi.Dispersion, phi.Tail, phi.TotalVariation];

    /// <summary>D, with max(0, phi - mu) in the one-sided form.</summary>
    internal double StructuralDistance(StructuralDescriptor structure)
    {
        var (phi, mean, deviation) = (Vector(structure), Vector(Mean), Vector(Deviation));
        var sum = 0d;
        for (var i = 0; i < phi.Length; i++)
        {
            var difference = phi[i] - mean[i];
            if (Distance == DistanceForm.OneSided)
            {
                difference = Math.Max(0, difference);
            }

            sum += Math.Pow(difference / (deviation[i] + Epsilon), 2);
        }

        return Math.Sqrt(sum);
    }
}
