using System.Diagnostics;
using StructCore.Edge.Benchmarking;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.Inference;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Benchmarks.Growth;

/// <summary>Fits and scores of any size, on features as large as DINOv2's: 784 x 512 an image.</summary>
internal static class GrowthWork
{
    private const int ImagesOfRows = 128;
    private const int ImagesOfCategories = 8;
    private const int RowsOfCategories = 2508;
    private const int BankImages = 8;
    private const double Ratio = 0.01;
    private static readonly TimeSpan ScoringTime = TimeSpan.FromSeconds(2);

    /// <summary>Every point there is, in the order it is measured.</summary>
    public static IReadOnlyList<(string Work, string Axis, int Size)> Points { get; } =
    [
        .. from work in (string[])["fit", "score"]
           from axis in ((string Name, int[] Sizes)[])[("images", [100, 200, 500, 1000]), ("rows", [1000, 3000, 10_000, 30_000, 100_000]), ("categories", [1, 3, 10, 30, 100])]
           from size in axis.Sizes
           select (work, axis.Name, size),
    ];

    /// <summary>Measures a point in this process, which is good for one: the memory of another would count too.</summary>
    public static GrowthPoint Measure(string work, string axis, int size)
    {
        using var extractor = new SyntheticExtractor();
        var milliseconds = (work, axis) switch
        {
            ("fit", "images") => Fit(extractor, size, 1, Ratio),
            ("fit", "rows") => Fit(extractor, ImagesOfRows, 1, Math.Min(1, size / (double)(ImagesOfRows * RowsPerImage(extractor)))),
            ("fit", "categories") => Fit(extractor, ImagesOfCategories, size, Ratio),
            ("score", "images") => Score(extractor, Coreset.Size(size * RowsPerImage(extractor), Ratio, NearestNeighbourSearch.DefaultNeighbours), 1),
            ("score", "rows") => Score(extractor, size, 1),
            ("score", "categories") => Score(extractor, RowsOfCategories, size),
            _ => throw new ArgumentException($"There is no work '{work}' over '{axis}'.", nameof(work)),
        };
        return new GrowthPoint(work, axis, size, milliseconds, Process.GetCurrentProcess().PeakWorkingSet64 / (double)(1 << 20));
    }

    private static int RowsPerImage(SyntheticExtractor extractor) => extractor.Backbone.Grid * extractor.Backbone.Grid;

    private static double Fit(SyntheticExtractor extractor, int images, int categories, double ratio)
    {
        var file = Path.GetTempFileName();
        try
        {
            string[] files = [.. Enumerable.Repeat(file, images)];
            var fitter = new BankFitter(new SyntheticCodec(), extractor, new FitOptions { CoresetRatio = ratio });
            var start = Stopwatch.GetTimestamp();
            for (var category = 0; category < categories; category++)
            {
                fitter.Fit($"category-{category}", files);
            }

            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static double Score(SyntheticExtractor extractor, int rows, int categories)
    {
        using var scorer = new HostScorer(extractor, TimeProvider.System);
        var frame = new RgbImage(1, 1, [0, 0, 0]);
        var banks = BankSet.Create(SyntheticBanks.Create(extractor.Backbone, [.. Enumerable.Range(0, BankImages).Select(_ => extractor.Extract(frame, FrameMode.FullFrame))], rows, categories), extractor.Backbone);
        var image = new ImageToScore(frame, banks);
        var times = new List<double>();
        for (var begin = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begin) < ScoringTime;)
        {
            var start = Stopwatch.GetTimestamp();
            scorer.Score(image);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        // The first half only warms up.
        return times[(times.Count / 2)..].Order().ElementAt(times.Count / 4);
    }
}
