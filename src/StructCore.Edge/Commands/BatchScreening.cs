using System.CommandLine;
using StructCore.Vision.Features;
using StructCore.Vision.ZeroShot;

namespace StructCore.Edge.Commands;

/// <summary>Screens a batch of image files and proposes the good ones, with a bar for each stage: what <c>screen</c> and <c>fit --unlabelled</c> share.</summary>
internal static class BatchScreening
{
    public static Option<double?> CreateLeaveOutOption() =>
        NumberOption.Share("--leave-out", "SHARE", "Share of the batch that is not proposed as good, the highest scores [default: the outliers]");

    public static Option<int?> CreateGroupOption()
    {
        var group = new Option<int?>("--group") { HelpName = "N", Description = "Score at most about this many images by each other; more are dealt out into groups, which saves time [default: all by all]" };
        group.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() < BatchScreener.MinimumImages)
            {
                result.AddError($"--group takes a number from {BatchScreener.MinimumImages}.");
            }
        });
        return group;
    }

    public static IReadOnlyList<ScreenedImage> Screen(IReadOnlyList<string> images, string backbonePath, ExtractorOptions run, ScreeningOptions options, TextWriter error, CancellationToken cancellationToken)
    {
        if (images.Count < BatchScreener.MinimumImages)
        {
            throw new CommandFailedException($"There is {images.Count} image to screen; images are judged by each other, so that at least {BatchScreener.MinimumImages} are needed. Give a folder with more.");
        }

        using var extractor = LayerExtractor.Open(backbonePath, run);
        var screener = new BatchScreener(AdapterSet.Current.ImageCodec, extractor, options);
        return WorkProgress.Show(error, progress => screener.Screen(images, new Bars(progress), cancellationToken));
    }

    /// <summary>One bar per stage, begun when the stage first reports; pairs are reported from several threads.</summary>
    private sealed class Bars(WorkProgress progress) : IProgress<ScreeningProgress>
    {
        private readonly Dictionary<string, IProgress<int>> _bars = [];

        public void Report(ScreeningProgress value)
        {
            lock (_bars)
            {
                if (!_bars.TryGetValue(value.Stage, out var bar))
                {
                    _bars[value.Stage] = bar = progress.Start(value.Stage, (int)value.Total);
                }

                bar.Report((int)value.Done);
            }
        }
    }
}
