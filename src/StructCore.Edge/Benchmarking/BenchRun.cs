using System.Diagnostics;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.Inference;

namespace StructCore.Edge.Benchmarking;

/// <summary>Measures the whole, from encoded image to score, and every stage of it, at every batch size.</summary>
internal sealed class BenchRun(BenchOptions options, IImageCodec codec, TimeProvider time)
{
    private readonly CallTimer _timer = new(time, options.Duration, options.Repeats);
    private readonly List<BenchRow> _rows = [];

    /// <param name="progress">Told how many stages are done.</param>
    /// <param name="cancellationToken">Ends it between two calls.</param>
    public BenchReport Run(IProgress<int> progress, CancellationToken cancellationToken)
    {
        var extractor = OnnxFeatureExtractor.Open(options.Backbone, options.Extractor);
        using var scorer = new HostScorer(extractor, time);
        var frames = options.Images is { } folder ? BenchFrames.Load(folder, codec) : BenchFrames.Generate(options.Size, codec);
        var banks = BankSet.Create(Banks(extractor, frames), extractor.Backbone);
        Measure(new WholeStages(scorer, banks, frames, codec, cancellationToken).All, frames, progress, cancellationToken);

        // Before the stages are measured one by one, which takes memory of its own.
        var peak = Process.GetCurrentProcess().PeakWorkingSet64;
        using (var stages = new HostStages(extractor, banks, frames))
        {
            Measure(stages.All, frames, progress, cancellationToken);
        }

        if (options.Export is { } target)
        {
            BenchExport.Write(target, scorer, banks, frames);
        }

        return new BenchReport
        {
            Schema = BenchReport.CurrentSchema,
            Machine = BenchMachine.Describe(options.Extractor.Device),
            Setup = Describe(scorer.Backbone, banks, frames),
            Rows = [.. _rows.OrderBy(r => BenchStage.Order.IndexOf(r.Stage)).ThenBy(r => r.Batch)],
            LeftOut = frames.Files.Count > 0 ? [] : ["decode, whole: OpenCV, which decodes images, cannot be loaded here"],
            PeakMegabytes = peak / (double)(1 << 20),
        };
    }

    private IReadOnlyList<ProductBank> Banks(OnnxFeatureExtractor extractor, BenchFrames frames)
    {
        if (options.Bank is { } file)
        {
            return [BankFile.Read(file)];
        }

        PatchFeatures[] features = [.. frames.Images.Select(f => extractor.Extract(f, FrameMode.FullFrame))];
        return SyntheticBanks.Create(extractor.Backbone, features, options.Rows, options.Categories);
    }

    private void Measure(IReadOnlyList<BenchStage> stages, BenchFrames frames, IProgress<int> progress, CancellationToken cancellationToken)
    {
        foreach (var stage in stages)
        {
            foreach (var batch in options.Batches)
            {
                var turns = new int[batch];
                _rows.Add(_timer.Measure(stage.Name, batch, call =>
                {
                    frames.Turns(call, turns);
                    stage.Work(turns);
                }, cancellationToken));
                progress.Report(_rows.Count);
            }
        }
    }

    private BenchSetup Describe(BackboneManifest backbone, BankSet banks, BenchFrames frames) => new()
    {
        Backbone = backbone.Name,
        BackboneSha256 = backbone.Sha256,
        Provider = options.Extractor.Provider.ToString().ToLowerInvariant(),
        Device = options.Extractor.Device,
        Threads = options.Extractor.Threads,
        Frames = frames.Description,
        FrameHeight = frames.Images[0].Height,
        FrameWidth = frames.Images[0].Width,
        Bank = options.Bank is null ? "synthetic" : banks.Banks[0].Manifest.Id,
        BankRows = banks.Banks[0].Memory.Rows,
        BankWidth = banks.Banks[0].Memory.Width,
        Categories = banks.Banks.Count,
    };
}
