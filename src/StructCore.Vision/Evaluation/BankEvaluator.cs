using StructCore.Vision.Datasets;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.MemoryBanks;
using StructCore.Vision.Scoring;

namespace StructCore.Vision.Evaluation;

/// <summary>Scores the test images of categories with their banks and routes them over all banks. One caller at a time.</summary>
/// <remarks>
/// Images are worked on side by side, each on one core from file to score, so that an extractor on the processor is best given one thread; the time
/// of an image is that of its core among others at work.
/// </remarks>
public sealed class BankEvaluator
{
    private readonly IImageCodec _codec;
    private readonly IFeatureExtractor _extractor;
    private readonly IReadOnlyList<ProductBank> _banks;
    private readonly RoutingBank[] _routing;
    private readonly TimeProvider _time;

    /// <summary>Uses <paramref name="extractor"/>, which stays the caller's, for all <paramref name="banks"/>.</summary>
    /// <exception cref="InvalidBankException">A bank was fitted with another backbone.</exception>
    public BankEvaluator(IImageCodec codec, IFeatureExtractor extractor, IReadOnlyList<ProductBank> banks, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(extractor);
        ArgumentNullException.ThrowIfNull(banks);
        (_codec, _extractor, _banks, _time) = (codec, extractor, banks, time);
        _routing = [.. banks.Select(b => b.Routing)];
        foreach (var bank in banks)
        {
            bank.RequireBackbone(extractor.Backbone);
        }
    }

    /// <summary>Scores every test image with the bank of its category, in that bank's frame mode.</summary>
    /// <param name="product">The category; one of the banks is its.</param>
    /// <param name="progress">Told the number of images done, on the calling thread.</param>
    /// <param name="cancellationToken">Looked at before each image.</param>
    /// <exception cref="InvalidDatasetException">The category has no test image.</exception>
    /// <exception cref="InvalidBankException">The category has no bank.</exception>
    /// <exception cref="InvalidImageException">An image or a mask cannot be read.</exception>
    public CategoryEvaluation Evaluate(ProductImages product, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(product);
        if (product.Test.Count == 0)
        {
            throw new InvalidDatasetException($"Category '{product.Category}' has no test images. Put them into test/good and test/KIND beside its train folder.");
        }

        var bank = BankOf(product.Category);
        var masked = product.Test.Any(t => t.MaskPath is not null);
        var pixels = new PixelScores(masked ? product.Test.Count(t => t.HasPixelTruth) : 0, bank.Manifest.MapSide * bank.Manifest.MapSide);
        var images = new List<JudgedImage>(product.Test.Count);
        var milliseconds = new List<StageMilliseconds>(product.Test.Count);
        foreach (var (image, scored, route, mask, time) in ManyImages.Select(product.Test, test => Score(test, bank, cancellationToken), cancellationToken))
        {
            milliseconds.Add(time);
            images.Add(new JudgedImage(image, scored.Score, route)
            {
                IsUnknown = !BankOf(route.Category).Knows(route),
                IsUnknownWithoutOwn = route.Without(product.Category) is { } other ? !BankOf(other.Category).Knows(other) : null,
            });
            if (mask is not null)
            {
                using var map = scored.DrawMap();
                pixels.Add(map, mask);
            }
            else if (masked && image.HasPixelTruth)
            {
                using var map = scored.DrawMap();
                pixels.AddGood(map);
            }

            progress?.Report(images.Count);
        }

        return new CategoryEvaluation(bank.Manifest, images, pixels.Measure(), milliseconds);
    }

    /// <summary>Scores one image again and draws its map over it, with the threshold of S_base as the level.</summary>
    /// <exception cref="InvalidBankException">The category has no bank.</exception>
    /// <exception cref="InvalidImageException">The image cannot be read.</exception>
    public RgbImage DrawOverlay(string category, string path)
    {
        var bank = BankOf(category);
        using var frame = _codec.Load(path);
        using var features = _extractor.Extract(frame, bank.Manifest.Frame);
        using var map = bank.Score(features).DrawMap();
        return Overlay.Render(frame, map, bank.Manifest.Frame, _extractor.Backbone.Resize, _extractor.Backbone.Crop, bank.Calibration.BaseThreshold);
    }

    private ProductBank BankOf(string category) => _banks.FirstOrDefault(b => b.Manifest.Category == category)
        ?? throw new InvalidBankException($"Category '{category}' has no bank. There are banks of: {string.Join(", ", _banks.Select(b => b.Manifest.Category))}. Fit it first.");

    private Scored Score(TestImage image, ProductBank bank, CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        using var frame = _codec.Load(image.Path);
        var decoded = _time.GetTimestamp();
        using var features = _extractor.Extract(frame, bank.Manifest.Frame, cancellationToken);
        var extracted = _time.GetTimestamp();
        var route = BankRouter.Route(features, _routing);
        var routed = _time.GetTimestamp();
        var scored = bank.Score(features);
        var end = _time.GetTimestamp();
        var times = new StageMilliseconds(Between(start, decoded), Between(decoded, extracted), Between(extracted, routed), Between(routed, end));
        return new Scored(image, scored, route, image.MaskPath is { } mask ? MaskOf(mask, bank.Manifest.Frame) : null, times);
    }

    private byte[] MaskOf(string path, FrameMode mode)
    {
        using var mask = _codec.Load(path);
        return MaskGrid.From(RedOf(mask), mask.Height, mask.Width, mode, _extractor.Backbone.Resize, _extractor.Backbone.Crop);
    }

    private double Between(long start, long end) => _time.GetElapsedTime(start, end).TotalMilliseconds;

    /// <summary>Masks are grey, so that one channel says it all.</summary>
    private static byte[] RedOf(RgbImage mask)
    {
        var red = new byte[mask.Height * mask.Width];
        for (var i = 0; i < red.Length; i++)
        {
            red[i] = mask.Pixels[i * RgbImage.Channels];
        }

        return red;
    }

    private sealed record Scored(TestImage Image, ScoredImage Score, Route Route, byte[]? Mask, StageMilliseconds Time);
}
