using StructCore.Vision.Calibration;
using StructCore.Vision.Fitting;
using StructCore.Vision.MemoryBanks;
using StructCore.Vision.Scoring;

namespace StructCore.Vision.Evaluation;

/// <summary>The bank of one split, and what images come to against it; normal scores are made once per method.</summary>
/// <remarks>One caller at a time.</remarks>
internal sealed class SplitImages
{
    private readonly FeatureSpool _spool;
    private readonly int[] _heldOut;
    private readonly NormalScoring _scoring;
    private readonly MemoryBank _bank;
    private readonly BankScorer _scorer;
    private readonly Dictionary<CalibrationMethod, NormalScores> _normal = [];

    /// <summary>Fits the bank.</summary>
    /// <param name="spool">Features of all images.</param>
    /// <param name="proxies">Their proxies.</param>
    /// <param name="options">Coreset and neighbours.</param>
    /// <param name="mapSide">H = W of the maps.</param>
    /// <param name="images">The images to fit from and to calibrate on, ascending.</param>
    /// <param name="holdOut">Whether one in <see cref="ReliabilityExperiment.HeldOutShare"/> is only calibrated on.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public SplitImages(FeatureSpool spool, ProxyRows proxies, FitOptions options, int mapSide, int[] images, bool holdOut, CancellationToken cancellationToken)
    {
        _spool = spool;
        _heldOut = holdOut ? [.. images.Where((_, i) => i % ReliabilityExperiment.HeldOutShare == 0)] : [];
        _scoring = new NormalScoring(spool, proxies, [.. images.Except(_heldOut)], options, mapSide);
        _bank = _scoring.Fit(null, cancellationToken);
        _scorer = new BankScorer(_bank, options.Neighbours, mapSide);
    }

    /// <summary>What images that the bank was not fitted from come to, in their order.</summary>
    public MapStatistics[] Score(IEnumerable<int> images, CancellationToken cancellationToken) => [.. ManyImages.Select(images, Score, cancellationToken)];

    /// <summary>What the calibration images come to by a method.</summary>
    public NormalScores Normal(CalibrationMethod method, CancellationToken cancellationToken)
    {
        if (!_normal.TryGetValue(method, out var scores))
        {
            var maps = method == CalibrationMethod.HeldOut ? Score(_heldOut, cancellationToken) : _scoring.Maps(method, _bank, cancellationToken).OrderBy(m => m.Image).Select(m => m.Map).OfType<MapStatistics>();
            _normal[method] = scores = new NormalScores(maps.Select(m => default(NormalScore) with { Map = m }));
        }

        return scores;
    }

    private MapStatistics Score(int image)
    {
        using var features = _spool.Image(image);
        return _scorer.Score(features)!.Value.Map;
    }
}
