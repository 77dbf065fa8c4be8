using System.CommandLine;
using StructCore.Edge.Benchmarking;
using StructCore.Vision.Features;

namespace StructCore.Edge.Commands;

/// <summary><c>bench</c>: how fast this machine scores, stage by stage.</summary>
internal static class BenchCommand
{
    private const int LargestBatch = 256;

    // As Models:Provider in the configuration has them.
    private static readonly string[] Providers = Array.ConvertAll(Enum.GetValues<ExecutionProvider>(), p => p.ToString().ToLowerInvariant());

    public static Command Create()
    {
        var defaults = new BenchOptions { Backbone = BackboneFolders.Embedded };
        var backbone = new Option<string>("--backbone") { HelpName = "NAME|FILE", Description = "Backbone by name or .onnx file", DefaultValueFactory = _ => defaults.Backbone };
        var bank = new Option<string?>("--bank") { HelpName = "FILE", Description = "Bank file to score with [default: a synthetic one]" };
        var rows = NumberOption.Whole("--rows", "N", "Rows of a synthetic bank", defaults.Rows, 1, 1_000_000);
        var categories = NumberOption.Whole("--categories", "N", "Synthetic banks an image is routed over", defaults.Categories, 1, 1000);
        var images = new Option<string?>("--images") { HelpName = "DIR", Description = "Images to score, at most 64 of them [default: rendered parts]" };
        var size = NumberOption.Whole("--size", "PIXELS", "Side of the rendered parts", defaults.Size, 16, 8192);
        var provider = new Option<string>("--provider") { Description = "What scores", DefaultValueFactory = _ => Providers[0] };
        provider.AcceptOnlyFromAmong(Providers);
        var precision = ChoiceOption.Create("--precision", "Numbers the backbone computes in", defaults.Extractor.Precision);
        var graphs = new Option<bool>("--graphs") { Description = "On a GPU, record the backbone's kernels once and replay them" };
        var cache = new Option<string?>("--cache") { HelpName = "DIR", Description = "Keep what takes long to make, such as TensorRT's engines" };
        var device = NumberOption.Whole("--device", "N", "Index of the GPU", defaults.Extractor.Device, 0, 15);
        var threads = NumberOption.Whole("--threads", "N", "Threads that compute, 0 for one per core", 0, 0, 256);
        var batch = new Option<int[]>("--batch") { HelpName = "N", Description = "Images of a call", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [.. defaults.Batches] };
        batch.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int[]>() is { } all && all.Any(b => b is < 1 or > LargestBatch))
            {
                result.AddError($"--batch takes numbers from 1 to {LargestBatch}.");
            }
        });
        var repeats = NumberOption.Whole("--repeats", "N", "Fewest calls that are timed", defaults.Repeats, 1, 1_000_000);
        var seconds = NumberOption.Positive("--seconds", "S", "How long every stage is timed at every batch size", (float)defaults.Duration.TotalSeconds);
        var json = new Option<string?>("--json") { HelpName = "FILE", Description = "Write everything to this file" };
        var against = new Option<string?>("--against") { HelpName = "FILE", Description = "Compare with the --json of another run" };
        var export = new Option<string?>("--export") { HelpName = "DIR", Description = "Write banks, crops and scores, for another implementation to be compared with" };
        var models = ModelFolders.CreateOption();
        var command = new Command("bench", """
            Measure how fast this machine scores: every stage and the whole, warm, one image and several at a time.

            Examples:
              structcore bench --json before.json
              structcore bench --backbone dinov2-base --bank banks/cap-v1.scbank --images parts/cap --against before.json
            """) { backbone, bank, rows, categories, images, size, provider, device, precision, graphs, cache, threads, batch, repeats, seconds, json, against, export, models };
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
                var what = Enum.Parse<ExecutionProvider>(parsed.GetRequiredValue(provider), ignoreCase: true);
                var options = new BenchOptions
                {
                    Backbone = ModelFolders.Open(parsed.GetValue(models)).Find(parsed.GetValue(backbone)),
                    Extractor = new()
                    {
                        Provider = what,
                        Device = parsed.GetValue(device),
                        Precision = ChoiceOption.Parse<Precision>(parsed.GetRequiredValue(precision)),
                        CacheFolder = parsed.GetValue(cache),
                    },
                    OnDevice = what != ExecutionProvider.Cpu,
                    CaptureGraphs = parsed.GetValue(graphs),
                    Bank = parsed.GetValue(bank),
                    Rows = parsed.GetValue(rows),
                    Categories = parsed.GetValue(categories),
                    Images = parsed.GetValue(images),
                    Size = parsed.GetValue(size),
                    Batches = [.. parsed.GetRequiredValue(batch).Distinct()],
                    Repeats = parsed.GetValue(repeats),
                    Duration = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                    Export = parsed.GetValue(export),
                };

                ComputeThreads.Choose(parsed.GetValue(threads));

                // Before anything is measured: a file that cannot be compared with must not cost a run.
                var before = parsed.GetValue(against) is { } earlier ? BenchReportFile.Read(earlier) : null;
                before?.RequireBackbone(BackboneManifestFile.Read(options.Backbone));
                var report = WorkProgress.Show(error, progress => new BenchRun(options, AdapterSet.Current.ImageCodec, TimeProvider.System)
                    .Run(progress.Start("stages", BenchStage.Order.Count * options.Batches.Count), cancellationToken));
                BenchTables.Write(report, output);
                before?.Compare(report, output);
                if (parsed.GetValue(json) is { } file)
                {
                    JsonOutput.Write(file, report);
                }

                return CommandLineRunner.Done;
            },
            cancellationToken));
        return command;
    }
}
