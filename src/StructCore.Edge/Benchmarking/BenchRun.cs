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

    /// <param name="progress">Told how many rows there are so far.</param>
    /// <param name="cancellationToken">Ends it between two calls.</param>
    public BenchReport Run(IProgress<int> progress, CancellationToken cancellationToken)
    {
        // Beside a device the host only makes the banks, always the same ones.
        var extractor = OnnxFeatureExtractor.Open(options.Backbone, options.OnDevice ? new() : options.Extractor);
        using var host = new HostScorer(extractor, time);
        using var device = options.OnDevice ? OpenDevice() : null;
        ImageScorer scorer = device is null ? host : device;
        var frames = options.Images is { } folder ? BenchFrames.Load(folder, codec) : BenchFrames.Generate(options.Size, codec);
        var banks = BankSet.Create(Banks(extractor, frames), extractor.Backbone);
        var whole = new WholeStages(scorer, banks, frames, codec, cancellationToken).All;
        _timer.WarmUp(_ => whole[^1].Work([0]), cancellationToken);
        Measure(whole, frames, progress, cancellationToken);

        // Before the stages are measured one by one, which takes memory of its own.
        var peak = Process.GetCurrentProcess().PeakWorkingSet64;
        if (options.OnDevice)
        {
            var stages = new DeviceStages(_timer, scorer, banks, frames);
            _rows.AddRange(options.Batches.SelectMany(batch => stages.Measure(batch, cancellationToken)));
        }
        else
        {
            using var stages = new HostStages(extractor, banks, frames);
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
            LeftOut = frames.Files.Count > 0 ? [] : ["decode and whole: OpenCV, which decodes images, cannot be loaded here"],
            PeakMegabytes = peak / (double)(1 << 20),
        };
    }

    private DeviceScorer OpenDevice() =>
        DeviceScorer.Open(options.Backbone, new() { Extractor = options.Extractor, LargestBatch = options.Batches.Max(), CaptureGraphs = options.CaptureGraphs }, time);

    private IReadOnlyList<ProductBank> Banks(OnnxFeatureExtractor extractor, BenchFrames frames)
    {
        if (options.Bank is { } file)
        {
            return [BankFile.Read(file)];
        }

        PatchFeatures[] features = [.. frames.Images.Select(f => extractor.Extract(f, FrameMode.FullFrame))];
        var banks = SyntheticBanks.Create(extractor.Backbone, features, options.Rows, options.Categories);
        Array.ForEach(features, f => f.Dispose());
        return banks;
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
        Precision = options.Extractor.Precision.ToString().ToLowerInvariant(),
        Threads = ComputeThreads.Count,
        Frames = frames.Description,
        FrameHeight = frames.Images[0].Height,
        FrameWidth = frames.Images[0].Width,
        Bank = options.Bank is null ? "synthetic" : banks.Banks[0].Manifest.Id,
        BankRows = banks.Banks[0].Memory.Rows,
        BankWidth = banks.Banks[0].Memory.Width,
        Categories = banks.Banks.Count,
    };
}
