using StructCore.Vision.Calibration;
using StructCore.Vision.Features;
using StructCore.Vision.MemoryBanks;
using StructCore.Vision.Scoring;

namespace StructCore.Vision.Fitting;

/// <summary>Scores images that a bank is fitted from as if it had not seen them, by every method of calibration (SPEC 8).</summary>
/// <param name="spool">Features of these images and perhaps others.</param>
/// <param name="proxies">Their proxies, row by row.</param>
/// <param name="images">The images it is about, as indices of the spool, ascending.</param>
/// <param name="options">Ratio and neighbours.</param>
/// <param name="mapSide">H = W of the maps.</param>
internal sealed class NormalScoring(FeatureSpool spool, ProxyRows proxies, IReadOnlyList<int> images, FitOptions options, int mapSide)
{
    // So few images a fold that its coreset is nearly the whole one, and yet as few coresets.
    private const int RefilledFolds = 20;

    // So few images that a coreset for each of them takes little longer than twenty and the refilling.
    private const int ExactImages = 128;

    private Lazy<(CentreRecords Records, Dictionary<int, int> Times, int[] Rows)> _whole = new(() => throw new InvalidOperationException("The bank of all images comes first: Fit."));

    /// <summary>As <see cref="BankFitter.CentreBounds"/>.</summary>
    public Func<ProxyRows, IReadOnlyList<int>, CentreBounds>? CentreBounds { get; init; }

    /// <summary>The images it is about.</summary>
    public IReadOnlyList<int> Images => images;

    /// <summary>Rows of the bank.</summary>
    public int BankRows => Size(images.Count);

    /// <summary>The bank of all the images; its rows keep the images' indices of the spool.</summary>
    /// <param name="chosen">Told how many rows are chosen.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public MemoryBank Fit(Action<int>? chosen, CancellationToken cancellationToken)
    {
        var rows = RowsOf(images);
        using var bounds = CentreBounds?.Invoke(proxies, rows);
        var coreset = KCenterGreedySampler.Sample(
            proxies,
            BankRows,
            rows,
            n =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                chosen?.Invoke(n);
            },
            bounds: bounds);
        var centres = Array.ConvertAll(coreset, row => Array.BinarySearch(rows, row));
        _whole = new(() => (new CentreRecords(proxies, rows, centres), coreset.Index().ToDictionary(c => c.Item, c => c.Index), rows));
        return Bank(coreset);
    }

    /// <summary>One row per image, in their order; an image that a method leaves without bank rows has none.</summary>
    /// <param name="method">Any but <see cref="CalibrationMethod.HeldOut"/>.</param>
    /// <param name="bank">What <see cref="Fit"/> gave.</param>
    /// <param name="routing">The category's prototypes; by any method but the paper's an image meets those of the folds it is not in.</param>
    /// <param name="progress">Told after every image.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public NormalScores Score(CalibrationMethod method, MemoryBank bank, RoutingBank routing, IProgress<FitProgress>? progress, CancellationToken cancellationToken)
    {
        var maps = new SortedList<int, MapStatistics>();
        var done = 0;
        foreach (var (image, map) in Maps(method, bank, cancellationToken))
        {
            if (map is { } found)
            {
                maps.Add(image, found);
            }

            progress?.Report(new FitProgress("calibration", ++done, images.Count));
        }

        var prototypes = method == CalibrationMethod.Paper ? [routing] : RoutingPrototypes.OfFolds(routing.Category, spool, images);
        return new NormalScores(ManyImages.Select(images.Index().Where(i => maps.ContainsKey(i.Item)), i => Score(maps[i.Item], i.Item, prototypes[i.Index % prototypes.Count]), cancellationToken));
    }

    /// <summary>The maps of the images, in no order; null where a method leaves no bank rows.</summary>
    public IEnumerable<(int Image, MapStatistics? Map)> Maps(CalibrationMethod method, MemoryBank bank, CancellationToken cancellationToken) => method switch
    {
        CalibrationMethod.Paper => Maps(bank, images, _ => null, cancellationToken),
        CalibrationMethod.LeaveOneOut => Maps(bank, images, image => image, cancellationToken),
        CalibrationMethod.KFold => MapsOfFolds(5, cancellationToken),
        CalibrationMethod.TenFold => MapsOfFolds(10, cancellationToken),
        CalibrationMethod.Refilled when images.Count > ExactImages => MapsOfRefilled(cancellationToken),
        CalibrationMethod.Refilled or CalibrationMethod.LeaveOneImageOut => MapsOfLeftOut(cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, "Images of the bank are not held out."),
    };

    /// <summary>What an image came to that these prototypes did not see.</summary>
    public static NormalScore Score(MapStatistics map, PatchFeatures features, RoutingBank routing)
    {
        var (distance, cover) = BankRouter.Measure(features, routing);
        return new NormalScore(map, distance, cover);
    }

    private NormalScore Score(MapStatistics map, int image, RoutingBank routing)
    {
        using var features = spool.Image(image);
        return Score(map, features, routing);
    }

    private IEnumerable<(int Image, MapStatistics? Map)> Maps(MemoryBank bank, IEnumerable<int> chosen, Func<int, int?> ignore, CancellationToken cancellationToken)
    {
        var scorer = new BankScorer(bank, options.Neighbours, mapSide);
        return ManyImages.Select(chosen, image => (image, Map(scorer, image, ignore(image))), cancellationToken);
    }

    private MapStatistics? Map(BankScorer scorer, int image, int? ignoreImage)
    {
        using var features = spool.Image(image);
        return scorer.Score(features, ignoreImage)?.Map;
    }

    /// <summary>Image i belongs to fold i mod F.</summary>
    private IEnumerable<(int Image, MapStatistics? Map)> MapsOfFolds(int folds, CancellationToken cancellationToken)
    {
        for (var fold = 0; fold < Math.Min(folds, images.Count); fold++)
        {
            var inside = images.Where((_, i) => i % folds == fold);
            var bank = Bank(ChooseWithout(inside.ToHashSet(), threads: -1, cancellationToken));
            foreach (var scored in Maps(bank, inside, _ => null, cancellationToken))
            {
                yield return scored;
            }
        }
    }

    /// <summary>Image i belongs to fold i mod F here too, but meets the rest of its fold as well.</summary>
    private IEnumerable<(int Image, MapStatistics? Map)> MapsOfRefilled(CancellationToken cancellationToken)
    {
        var radius = _whole.Value.Records.SquaredRadius;
        for (var fold = 0; fold < Math.Min(RefilledFolds, images.Count); fold++)
        {
            var inside = images.Where((_, i) => i % RefilledFolds == fold);
            var centres = ChooseWithout(inside.ToHashSet(), threads: -1, cancellationToken);
            var (bank, coreset) = (Bank(centres), new RefilledCoreset(proxies, centres, radius, inside, spool.RowsPerImage));
            foreach (var scored in ManyImages.Select(inside, image => (image, Map(Filled(bank, coreset.Without(image)), image, null)), cancellationToken))
            {
                yield return scored;
            }
        }

        BankScorer Filled(MemoryBank bank, int[] added) => new(bank.Keep(_ => true, spool.Gather(added), ImagesOf(added)), options.Neighbours, mapSide);
    }

    private IEnumerable<(int Image, MapStatistics? Map)> MapsOfLeftOut(CancellationToken cancellationToken) => ManyImages.Select(
        images,
        image => (image, Map(new BankScorer(Bank(ChooseWithout([image], threads: 1, cancellationToken)), options.Neighbours, mapSide), image, null)),
        cancellationToken);

    private int Size(int count) => Coreset.Size(count * spool.RowsPerImage, options.CoresetRatio, options.Neighbours);

    private int[] RowsOf(IEnumerable<int> chosen) => [.. chosen.SelectMany(image => Enumerable.Range(image * spool.RowsPerImage, spool.RowsPerImage))];

    /// <summary>The coreset of the other images, chosen anew, with what is known from that of all.</summary>
    private int[] ChooseWithout(HashSet<int> left, int threads, CancellationToken cancellationToken)
    {
        var (records, times, rows) = _whole.Value;
        var among = RowsOf(images.Where(image => !left.Contains(image)));
        using var bounds = new RecordedBounds(records, times, rows, among);
        return KCenterGreedySampler.Sample(proxies, Size(images.Count - left.Count), among, _ => cancellationToken.ThrowIfCancellationRequested(), threads, bounds);
    }

    private MemoryBank Bank(int[] rows) => new(proxies.Width, spool.Gather(rows), ImagesOf(rows));

    private int[] ImagesOf(int[] rows) => Array.ConvertAll(rows, row => row / spool.RowsPerImage);
}
