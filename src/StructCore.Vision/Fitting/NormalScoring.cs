using StructCore.Vision.Calibration;
using StructCore.Vision.Features;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Vision.Fitting;

/// <summary>Scores images that a bank is fitted from as if it had not seen them, by every method of calibration (SPEC 8).</summary>
/// <param name="spool">Features of these images and perhaps others.</param>
/// <param name="proxies">Their proxies, row by row.</param>
/// <param name="images">The images it is about, as indices of the spool, ascending.</param>
/// <param name="options">Ratio and neighbours.</param>
/// <param name="mapSide">H = W of the maps.</param>
internal sealed class NormalScoring(FeatureSpool spool, ProxyRows proxies, IReadOnlyList<int> images, FitOptions options, int mapSide)
{
    /// <summary>As <see cref="BankFitter.CentreBounds"/>.</summary>
    public Func<ProxyRows, IReadOnlyList<int>, CentreBounds>? CentreBounds { get; init; }

    /// <summary>Rows of the bank.</summary>
    public int BankRows => Size(images.Count);

    /// <summary>The bank of all the images; its rows keep the images' indices of the spool.</summary>
    /// <param name="chosen">Told how many rows are chosen.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public MemoryBank Fit(Action<int>? chosen, CancellationToken cancellationToken) => Bank(Choose(images, BankRows, chosen, cancellationToken));

    /// <summary>One row per image, in their order; an image that a method leaves without bank rows has none.</summary>
    /// <param name="method">Any but <see cref="CalibrationMethod.HeldOut"/>.</param>
    /// <param name="bank">What <see cref="Fit"/> gave.</param>
    /// <param name="routing">The category's prototypes.</param>
    /// <param name="progress">Told after every image.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public NormalScores Score(CalibrationMethod method, MemoryBank bank, RoutingBank routing, IProgress<FitProgress>? progress, CancellationToken cancellationToken)
    {
        var scored = method switch
        {
            CalibrationMethod.Paper => Score(bank, routing, images, _ => null, cancellationToken),
            CalibrationMethod.LeaveOneOut => Score(bank, routing, images, image => image, cancellationToken),
            CalibrationMethod.KFold => ScoreFolds(5, routing, cancellationToken),
            CalibrationMethod.TenFold => ScoreFolds(10, routing, cancellationToken),
            CalibrationMethod.LeaveOneImageOut => ScoreLeftOut(routing, cancellationToken),
            _ => throw new ArgumentOutOfRangeException(nameof(method), method, "Images of the bank are not held out."),
        };
        var scores = new SortedList<int, NormalScore>();
        var done = 0;
        foreach (var (image, score) in scored)
        {
            if (score is { } found)
            {
                scores.Add(image, found);
            }

            progress?.Report(new FitProgress("calibration", ++done, images.Count));
        }

        return new NormalScores(scores.Values);
    }

    /// <summary>Null where <paramref name="ignoreImage"/> leaves no bank row.</summary>
    public static NormalScore? Score(BankScorer scorer, RoutingBank routing, PatchFeatures features, int? ignoreImage) =>
        scorer.Score(features, ignoreImage) is { } scored ? new NormalScore(scored.Map, BankRouter.Route(features, [routing]).Distances[routing.Category]) : null;

    private IEnumerable<(int Image, NormalScore? Score)> Score(MemoryBank bank, RoutingBank routing, IEnumerable<int> chosen, Func<int, int?> ignore, CancellationToken cancellationToken)
    {
        var scorer = new BankScorer(bank, options.Neighbours, mapSide);
        return ManyImages.Select(chosen, image => (image, Score(scorer, routing, image, ignore(image))), cancellationToken);
    }

    private NormalScore? Score(BankScorer scorer, RoutingBank routing, int image, int? ignoreImage)
    {
        using var features = spool.Image(image);
        return Score(scorer, routing, features, ignoreImage);
    }

    /// <summary>Image i belongs to fold i mod F.</summary>
    private IEnumerable<(int Image, NormalScore? Score)> ScoreFolds(int folds, RoutingBank routing, CancellationToken cancellationToken)
    {
        for (var fold = 0; fold < Math.Min(folds, images.Count); fold++)
        {
            var (inside, outside) = (images.Where((_, i) => i % folds == fold), images.Where((_, i) => i % folds != fold).ToArray());
            var bank = Bank(Choose(outside, Size(outside.Length), null, cancellationToken));
            foreach (var scored in Score(bank, routing, inside, _ => null, cancellationToken))
            {
                yield return scored;
            }
        }
    }

    private IEnumerable<(int Image, NormalScore? Score)> ScoreLeftOut(RoutingBank routing, CancellationToken cancellationToken)
    {
        var (size, all) = (Size(images.Count - 1), Choose(images, LeftOutCoresets.Longer(BankRows, images.Count * spool.RowsPerImage), null, cancellationToken));
        var coresets = new LeftOutCoresets(proxies, RowsOf(images), all);

        // Nearly all of a coreset's rows are among these.
        var (values, places) = (spool.Gather(all), all.Index().ToDictionary(r => r.Item, r => r.Index));
        return ManyImages.Select(Enumerable.Range(0, images.Count), ScoreOne, cancellationToken);

        (int Image, NormalScore? Score) ScoreOne(int left)
        {
            var rows = coresets.Without(left * spool.RowsPerImage, spool.RowsPerImage, size);
            var features = new float[rows.Length * proxies.Width];
            for (var i = 0; i < rows.Length; i++)
            {
                var source = places.TryGetValue(rows[i], out var place) ? values.AsSpan(place * proxies.Width, proxies.Width) : spool.Gather([rows[i]]);
                source.CopyTo(features.AsSpan(i * proxies.Width));
            }

            var scorer = new BankScorer(new MemoryBank(proxies.Width, features, Array.ConvertAll(rows, r => r / spool.RowsPerImage)), options.Neighbours, mapSide);
            return (images[left], Score(scorer, routing, images[left], null));
        }
    }

    private int Size(int count) => Coreset.Size(count * spool.RowsPerImage, options.CoresetRatio, options.Neighbours);

    private int[] RowsOf(IReadOnlyList<int> chosen) => [.. chosen.SelectMany(image => Enumerable.Range(image * spool.RowsPerImage, spool.RowsPerImage))];

    private int[] Choose(IReadOnlyList<int> among, int size, Action<int>? chosen, CancellationToken cancellationToken)
    {
        var rows = RowsOf(among);
        using var bounds = CentreBounds?.Invoke(proxies, rows);
        return KCenterGreedySampler.Sample(
            proxies,
            size,
            rows,
            n =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                chosen?.Invoke(n);
            },
            bounds: bounds);
    }

    private MemoryBank Bank(int[] rows) => new(proxies.Width, spool.Gather(rows), Array.ConvertAll(rows, r => r / spool.RowsPerImage));
}
