using StructCore.Vision.Calibration;
using StructCore.Vision.Datasets;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.MemoryBanks;
using StructCore.Vision.Scoring;

namespace StructCore.Vision.Evaluation;

/// <summary>
/// Whether thresholds keep what they promise: the good images of a category, of its training and test folders alike, are parted by chance again and
/// again into as many to fit from as there are training images, and unseen ones, each unseen as often as any other. Images are read once; a split's coreset and scores serve all candidates.
/// </summary>
/// <param name="codec">Decodes the images.</param>
/// <param name="extractor">Stays the caller's; on the processor best given one thread.</param>
/// <param name="options">Frame mode, coreset and neighbours; what it says of thresholds is the candidates'.</param>
public sealed class ReliabilityExperiment(IImageCodec codec, IFeatureExtractor extractor, FitOptions options)
{
    /// <summary>One image of so many is held out where a candidate calibrates on images that are not fitted from.</summary>
    public const int HeldOutShare = 5;

    private const ulong Seed = 1000;

    /// <summary>Runs the experiment. The same images give the same figures.</summary>
    /// <param name="product">The category; at least one of its test images is good.</param>
    /// <param name="candidates">What to compare.</param>
    /// <param name="splits">1 or more.</param>
    /// <param name="progress">Told after every image and split.</param>
    /// <param name="cancellationToken">Looked at between two images.</param>
    /// <returns>In the order of <paramref name="candidates"/>.</returns>
    /// <exception cref="InvalidDatasetException">No test image is good.</exception>
    /// <exception cref="CalibrationException">Features that are not finite.</exception>
    /// <exception cref="InvalidImageException">An image cannot be read.</exception>
    public IReadOnlyList<CandidateReliability> Run(ProductImages product, IReadOnlyList<CandidateCalibration> candidates, int splits, IProgress<FitProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(product);
        ArgumentNullException.ThrowIfNull(candidates);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(splits);
        string[] good = [.. product.Train, .. product.Test.Where(t => !t.Defective).Select(t => t.Path)];
        if (good.Length == product.Train.Count)
        {
            throw new InvalidDatasetException($"Category '{product.Category}' has no good test image, so that no good image would be left unseen. Put some into test/good beside its train folder.");
        }

        string[] all = [.. good, .. product.Test.Where(t => t.Defective).Select(t => t.Path)];
        var backbone = extractor.Backbone;
        using var spool = new FeatureSpool(options.ScratchFolder, all.Length, backbone.Grid, backbone.Grid, backbone.Width);
        var proxies = new ProxyRows(spool.Rows, backbone.Width);
        new BankFitter(codec, extractor, options).Extract(all, spool, proxies, progress, cancellationToken);

        var results = candidates.Select(c => (Candidate: c, Table: new ReliabilityTable(), Auroc: new List<double>())).ToArray();
        foreach (var (split, parts) in RandomSplit.Deal(good.Length, product.Train.Count, splits, Seed).Index())
        {
            foreach (var group in results.GroupBy(r => r.Candidate.Method == CalibrationMethod.HeldOut))
            {
                var images = new SplitImages(spool, proxies, options, backbone.Crop, parts.Fitted, group.Key, cancellationToken);
                var unseen = images.Score(parts.Unseen, cancellationToken);
                var defective = images.Score(Enumerable.Range(good.Length, all.Length - good.Length), cancellationToken);
                foreach (var (candidate, table, auroc) in group)
                {
                    var calibration = Calibrator.Calibrate(images.Normal(candidate.Method, cancellationToken), candidate.Method, candidate.Distance, candidate.Rule(ReliabilityTable.NominalRates[0]));
                    var (accepted, rejected) = (Hybrid(calibration, unseen), Hybrid(calibration, defective));
                    table.Add(calibration, accepted, rejected);
                    if (rejected.Length > 0)
                    {
                        auroc.Add(RankingMetrics.Of(accepted, rejected).Auroc);
                    }
                }
            }

            progress?.Report(new FitProgress("splits", split + 1, splits));
        }

        return [.. results.Select(r => new CandidateReliability(r.Candidate, r.Auroc.Count == 0 ? null : r.Auroc.Average(), r.Table.Rows()))];
    }

    private static float[] Hybrid(ScoreCalibration calibration, IEnumerable<MapStatistics> maps) => [.. maps.Select(m => calibration.Score(m).Hybrid)];
}
