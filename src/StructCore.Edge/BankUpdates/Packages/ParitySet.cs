using System.Text.Json.Serialization;
using StructCore.Edge.BankUpdates.Signing;
using StructCore.Vision.Features;
using StructCore.Vision.Imaging;

namespace StructCore.Edge.BankUpdates.Packages;

/// <summary>The images of <c>parity.u1</c>, [images, side, side, 3] bytes as the backbone's crop has them, in order, and how closely this machine must agree.</summary>
/// <param name="Side">Height and width of the crop.</param>
/// <param name="FeatureTolerance">Largest distance of the sketches, relative to the features' root mean square.</param>
/// <param name="ScoreTolerance">Largest difference of a score, relative to the threshold. Only within it may the verdict differ.</param>
internal sealed record ParitySet(int Side, double FeatureTolerance, double ScoreTolerance, IReadOnlyList<ParityCase> Cases)
{
    public const int MostCases = 16;

    private const int LargestSide = 2048;

    /// <summary>Bytes of all images.</summary>
    [JsonIgnore]
    public long Bytes => (long)Cases.Count * Side * Side * RgbImage.Channels;

    /// <exception cref="UpdateRefusedException">A value is out of range.</exception>
    public void Require(string subject)
    {
        DocumentJson.Require(Side is > 0 and <= LargestSide && Cases.Count is > 0 and <= MostCases, subject, $"its parity set has 1 to {MostCases} images with a side of 1 to {LargestSide}.");
        DocumentJson.Require(FeatureTolerance is > 0 and <= 1 && ScoreTolerance is > 0 and <= 1, subject, "its tolerances lie above 0 and are at most 1.");
        foreach (var one in Cases)
        {
            DocumentJson.Require(
                one is { Features.Count: FeatureSketch.Size } && one.Features.All(float.IsFinite) && float.IsFinite(one.Score) && one.FeaturesRms is > 0 and < float.PositiveInfinity, subject,
                $"every parity case has finite numbers and a sketch of {FeatureSketch.Size}.");
        }
    }
}
