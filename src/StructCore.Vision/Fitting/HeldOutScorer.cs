using StructCore.Vision.Calibration;
using StructCore.Vision.Features;
using StructCore.Vision.Imaging;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Vision.Fitting;

/// <summary>Scores good parts that a bank was not fitted from against the bank as it is: what split-conformal calibration rests on.</summary>
public sealed class HeldOutScorer
{
    private readonly IFeatureExtractor _extractor;
    private readonly FrameMode _frame;
    private readonly BankScorer _scorer;
    private readonly RoutingBank _routing;

    /// <summary>Uses <paramref name="extractor"/>, which stays the caller's.</summary>
    /// <exception cref="InvalidBankException">The bank was fitted with another backbone.</exception>
    public HeldOutScorer(IFeatureExtractor extractor, ProductBank bank)
    {
        ArgumentNullException.ThrowIfNull(extractor);
        ArgumentNullException.ThrowIfNull(bank);
        bank.RequireBackbone(extractor.Backbone);
        (_extractor, _frame, _routing) = (extractor, bank.Manifest.Frame, bank.Routing);
        _scorer = new BankScorer(bank.Memory, bank.Manifest.Neighbours, bank.Manifest.MapSide);
    }

    internal HeldOutScorer(IFeatureExtractor extractor, FrameMode frame, BankScorer scorer, RoutingBank routing) =>
        (_extractor, _frame, _scorer, _routing) = (extractor, frame, scorer, routing);

    /// <summary>The scores in the order of <paramref name="images"/>, several of which are worked on side by side.</summary>
    /// <param name="images">What to score.</param>
    /// <param name="load">Gives the frame of one, which is disposed of here; called on several threads.</param>
    /// <param name="progress">Called with the number of images done, on the calling thread.</param>
    /// <param name="cancellationToken">Looked at before each image.</param>
    public NormalScores Score<T>(IReadOnlyList<T> images, Func<T, RgbImage> load, Action<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        var scores = new List<NormalScore>(images.Count);
        foreach (var score in ManyImages.Select(images, ScoreOne, cancellationToken))
        {
            scores.Add(score);
            progress?.Invoke(scores.Count);
        }

        return new NormalScores(scores);

        NormalScore ScoreOne(T image)
        {
            using var frame = load(image);
            using var features = _extractor.Extract(frame, _frame, cancellationToken);
            return NormalScoring.Score(_scorer.Score(features)!.Value.Map, features, _routing);
        }
    }
}
