using System.Numerics.Tensors;
using StructCore.Vision.Calibration;
using StructCore.Vision.Features;
using StructCore.Vision.Imaging;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Vision.Fitting;

/// <summary>
/// Images of good parts in, a bank out: features, coreset, routing prototypes, calibration (SPEC 3 to 8). Images are read
/// once; features lie on disk and only their proxies in memory, so that memory does not grow with the size of the images.
/// Images are worked on side by side: an extractor on the processor is best given one thread.
/// </summary>
public sealed class BankFitter(IImageCodec codec, IFeatureExtractor extractor, FitOptions options)
{
    /// <summary>Makes what helps to choose a coreset among some of the proxies' rows, on a device; null: the processor needs no help.</summary>
    public Func<ProxyRows, IReadOnlyList<int>, CentreBounds>? CentreBounds { get; init; }

    /// <summary>Fits a bank that calibrates on the images it is fitted from.</summary>
    public ProductBank Fit(string category, IReadOnlyList<string> images, IProgress<FitProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Fit(category, images, [], progress, cancellationToken);

    /// <summary>Fits a bank.</summary>
    /// <param name="category">The product's name.</param>
    /// <param name="images">Files of good parts; image i of the bank is the i-th of these.</param>
    /// <param name="heldOut">Other good parts, which <see cref="CalibrationMethod.HeldOut"/> calibrates on; no other method takes any.</param>
    /// <param name="progress">Told after every image and stage.</param>
    /// <param name="cancellationToken">Ends the fit between two images.</param>
    /// <returns>The bank, not written yet: its version is 0 and its entries are empty.</returns>
    /// <exception cref="CalibrationException">Too few images, or features that are not finite.</exception>
    /// <exception cref="InvalidImageException">An image cannot be read.</exception>
    public ProductBank Fit(string category, IReadOnlyList<string> images, IReadOnlyList<string> heldOut, IProgress<FitProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        CategoryName.Require(category);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(heldOut);
        if (options.Method == CalibrationMethod.HeldOut != heldOut.Count > 0)
        {
            throw new ArgumentException($"Calibration {options.Method} was given {heldOut.Count} held-out images.", nameof(heldOut));
        }

        if (images.Count < Calibrator.MinimumImages)
        {
            throw new CalibrationException($"Category '{category}' has {images.Count} training image(s), a bank needs at least {Calibrator.MinimumImages} and is better with {Calibrator.AdvisedImages} or more. Add images of good parts.");
        }

        var backbone = extractor.Backbone;
        using var spool = new FeatureSpool(options.ScratchFolder, images.Count, backbone.Grid, backbone.Grid, backbone.Width);
        var proxies = new ProxyRows(spool.Rows, backbone.Width);
        Extract(images, spool, proxies, progress, cancellationToken);

        var normal = new NormalScoring(spool, proxies, [.. Enumerable.Range(0, images.Count)], options, backbone.Crop) { CentreBounds = CentreBounds };
        var memory = normal.Fit(n => progress?.Report(new FitProgress("coreset", n, normal.BankRows)), cancellationToken);
        var routing = RoutingPrototypes.Fit(category, spool, normal.Images);
        var scores = heldOut.Count > 0 ? ScoreOthers(heldOut, memory, routing, progress, cancellationToken) : normal.Score(options.Method, memory, routing, progress, cancellationToken);
        var manifest = new BankManifest
        {
            Category = category,
            Version = 0,
            Created = default,
            Backbone = backbone.Name,
            BackboneSha256 = backbone.Sha256,
            Frame = options.Frame,
            CoresetRatio = options.CoresetRatio,
            Neighbours = options.Neighbours,
            MapSide = backbone.Crop,
            Rows = memory.Rows,
            Width = memory.Width,
            TrainImages = images.Count,
            Calibration = Calibrator.Calibrate(scores, options.Method, options.Distance, options.Rule, options.Lambda) with { UnknownShare = options.UnknownShare },
        };
        return new ProductBank(manifest, memory, routing, "");
    }

    /// <summary>Reads every image once: its features into <paramref name="spool"/>, their proxies into <paramref name="proxies"/>.</summary>
    internal void Extract(IReadOnlyList<string> images, FeatureSpool spool, ProxyRows proxies, IProgress<FitProgress>? progress, CancellationToken cancellationToken)
    {
        foreach (var done in ManyImages.Select(Enumerable.Range(0, images.Count), i => Extract(images[i], i, spool, proxies, cancellationToken), cancellationToken))
        {
            progress?.Report(new FitProgress("features", done, images.Count));
        }
    }

    private int Extract(string path, int index, FeatureSpool spool, ProxyRows proxies, CancellationToken cancellationToken)
    {
        using var image = codec.Load(path);
        using var extracted = extractor.Extract(image, options.Frame, cancellationToken);
        using var features = spool.Write(index, extracted);
        if (!float.IsFinite(TensorPrimitives.Sum(features.Values)))
        {
            throw new CalibrationException($"Backbone '{extractor.Backbone.Name}' gives features that are not finite, or beyond ±65504, for '{path}'. Import the backbone again.");
        }

        proxies.Set(index * spool.RowsPerImage, features.Values);
        return index + 1;
    }

    private NormalScores ScoreOthers(IReadOnlyList<string> images, MemoryBank memory, RoutingBank routing, IProgress<FitProgress>? progress, CancellationToken cancellationToken)
    {
        var scorer = new HeldOutScorer(extractor, options.Frame, new BankScorer(memory, options.Neighbours, extractor.Backbone.Crop), routing);
        return scorer.Score(images, codec.Load, n => progress?.Report(new FitProgress("calibration", n, images.Count)), cancellationToken);
    }
}
