using StructCore.Vision.Datasets;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.MemoryBanks;
using StructCore.Vision.Scoring;

namespace StructCore.Vision.Evaluation;

/// <summary>Scores the test images of categories with their banks and routes them over all banks. One caller at a time.</summary>
/// <remarks>While an image is scored the next one is decoded on another thread; never more than two decoded images exist.</remarks>
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
        var (resize, crop) = (_extractor.Backbone.Resize, _extractor.Backbone.Crop);
        var masked = product.Test.Any(t => t.MaskPath is not null);
        var pixels = new PixelScores(masked ? product.Test.Count(t => t.HasPixelTruth) : 0, bank.Manifest.MapSide * bank.Manifest.MapSide);
        var images = new List<JudgedImage>(product.Test.Count);
        var milliseconds = new List<StageMilliseconds>(product.Test.Count);
        foreach (var decoded in DecodeAhead(product.Test, cancellationToken))
        {
            var start = _time.GetTimestamp();
            var features = _extractor.Extract(decoded.Frame, bank.Manifest.Frame);
            var extracted = _time.GetTimestamp();
            var route = BankRouter.Route(features, _routing);
            var routed = _time.GetTimestamp();
            var scored = bank.Score(features);
            var end = _time.GetTimestamp();
            milliseconds.Add(new StageMilliseconds(decoded.Milliseconds, Between(start, extracted), Between(extracted, routed), Between(routed, end)));
            images.Add(new JudgedImage(decoded.Image, scored.Score, route));
            if (decoded.Mask is { } mask)
            {
                pixels.Add(scored.DrawMap(), MaskGrid.From(RedOf(mask), mask.Height, mask.Width, bank.Manifest.Frame, resize, crop));
            }
            else if (masked && decoded.Image.HasPixelTruth)
            {
                pixels.AddGood(scored.DrawMap());
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
        var frame = _codec.Load(path);
        var map = bank.Score(_extractor.Extract(frame, bank.Manifest.Frame)).DrawMap();
        return Overlay.Render(frame, map, bank.Manifest.Frame, _extractor.Backbone.Resize, _extractor.Backbone.Crop, bank.Calibration.BaseThreshold);
    }

    private ProductBank BankOf(string category) => _banks.FirstOrDefault(b => b.Manifest.Category == category)
        ?? throw new InvalidBankException($"Category '{category}' has no bank. There are banks of: {string.Join(", ", _banks.Select(b => b.Manifest.Category))}. Fit it first.");

    private IEnumerable<Decoded> DecodeAhead(IReadOnlyList<TestImage> images, CancellationToken cancellationToken)
    {
        var next = Task.Run(() => Decode(images[0]), cancellationToken);
        try
        {
            for (var i = 1; i <= images.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var decoded = next.GetAwaiter().GetResult();
                var following = i;
                next = i < images.Count ? Task.Run(() => Decode(images[following]), cancellationToken) : next;
                yield return decoded;
            }
        }
        finally
        {
            // Whoever stops midway leaves no thread behind that still reads; what it failed with does not matter any more.
            Task.WaitAny([next], CancellationToken.None);
        }
    }

    private Decoded Decode(TestImage image)
    {
        var start = _time.GetTimestamp();
        var frame = _codec.Load(image.Path);
        var milliseconds = Between(start, _time.GetTimestamp());
        return new Decoded(image, frame, image.MaskPath is { } mask ? _codec.Load(mask) : null, milliseconds);
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

    private sealed record Decoded(TestImage Image, RgbImage Frame, RgbImage? Mask, double Milliseconds);
}
