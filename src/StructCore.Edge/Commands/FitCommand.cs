using System.CommandLine;
using System.Globalization;
using StructCore.Vision.Calibration;
using StructCore.Vision.Datasets;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Inference;

namespace StructCore.Edge.Commands;

/// <summary><c>fit</c>: images of good parts to bank files.</summary>
internal static class FitCommand
{
    private const double PaperQuantile = 0.995;

    public static Command Create()
    {
        var defaults = new FitOptions();
        var images = new Option<string?>("--images") { HelpName = "DIR", Description = "MVTec's layout (CATEGORY/train/good), VisA's, or one folder of good images" };
        var unlabelled = new Option<string?>("--unlabelled") { HelpName = "DIR", Description = "Instead of --images: one product's images that nobody has sorted; they are screened, and the bank is fitted from those proposed as good" };
        var screen = new Option<bool>("--screen") { Description = "Leave out images that the others contradict, by mutual scoring and by the scores of the calibration; --unlabelled does" };
        var screeningFiles = new Option<string?>("--screening") { HelpName = "DIR", Description = "With --unlabelled or --screen: write ranking, proposed images and contact sheet of the mutual scoring there, as screen --out does" };
        var report = new Option<string?>("--report") { HelpName = "DIR", Description = "Write overlays of the images that the others contradict there" };
        var (leaveOut, group) = (BatchScreening.CreateLeaveOutOption(), BatchScreening.CreateGroupOption());
        var banks = new Option<string>("--banks") { HelpName = "DIR", Description = "Where the bank files go, as the next version of each category", Required = true };
        var category = new Option<string[]>("--category") { HelpName = "NAME", Description = "Only these categories; for a plain folder, the name of its one category", AllowMultipleArgumentsPerToken = true };
        var backbone = new Option<string?>("--backbone") { HelpName = "NAME|FILE", Description = "Backbone by name or .onnx file [default: the best there is: dinov2-*, another imported one, the embedded one]" };
        var coreset = NumberOption.Share("--coreset", "SHARE", "Share of the training patches that is kept, above 0 up to 1", defaults.CoresetRatio);
        var calibration = ChoiceOption.Create("--calibration", "Against which bank the good images are scored", defaults.Method);
        var distance = ChoiceOption.Create("--distance", "Whether a map calmer than normal counts as a deviation (two-sided) or not", defaults.Distance);
        var falseReject = NumberOption.Share("--false-reject", "SHARE", "Share of good parts that may be rejected, above 0 up to 1: a conformal threshold, which keeps it [default: 0.005]");
        var quantile = NumberOption.Share("--quantile", "Q", "Instead: quantile of the good scores the threshold stands at, as in the paper, above 0 up to 1 [default with --calibration paper: 0.995]");
        var lambda = NumberOption.NotNegative("--lambda", "VALUE", "Fixed weight of the structure, 0 or more [default: automatic]");
        var frame = FrameOption.Create("centre-crop for benchmark layouts, full-frame for a plain folder");
        var models = ModelFolders.CreateOption();
        var run = BackboneOptions.SideBySide();
        var command = new Command("fit", """
            Fit a memory bank per category from images of good parts.

            Examples:
              structcore fit --images parts/cap --banks banks
              structcore fit --images data/mvtec --banks banks --backbone dinov2-base --calibration paper --distance two-sided
              structcore fit --images parts/cap --banks banks --screen --report suspects
              structcore fit --unlabelled recorded --category cap --banks banks
            """) { images, unlabelled, banks, category, backbone, coreset, calibration, distance, falseReject, quantile, lambda, frame, screen, leaveOut, group, screeningFiles, report, models };
        run.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(images) is null == result.GetValue(unlabelled) is null)
            {
                result.AddError("fit takes either --images, good parts, or --unlabelled, parts that nobody has sorted.");
            }
            else if (result.GetValue(falseReject) is not null && result.GetValue(quantile) is not null)
            {
                result.AddError("fit takes either --false-reject or --quantile.");
            }
            else if (result.GetValue(unlabelled) is null && !result.GetValue(screen) && new Option[] { leaveOut, group, screeningFiles }.FirstOrDefault(o => result.GetResult(o) is { Implicit: false }) is { } without)
            {
                result.AddError($"{without.Name} is an option of --unlabelled and --screen.");
            }
        });
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                var backbonePath = ModelFolders.Open(parsed.GetValue(models)).Find(parsed.GetValue(backbone));
                var names = parsed.GetValue(category) ?? [];
                IReadOnlyList<ProductImages> products = parsed.GetValue(unlabelled) is { } folder ? [UnlabelledImages.Open(folder, names)] : ImageFolder.Open(parsed.GetValue(images)!, names);
                using var extractor = OnnxFeatureExtractor.Open(backbonePath, run.Read(parsed));
                var options = defaults with
                {
                    CoresetRatio = parsed.GetValue(coreset),
                    Method = ChoiceOption.Parse<CalibrationMethod>(parsed.GetValue(calibration)!),
                    Distance = ChoiceOption.Parse<DistanceForm>(parsed.GetValue(distance)!),
                    Rule = Rule(parsed.GetValue(falseReject), parsed.GetValue(quantile), ChoiceOption.Parse<CalibrationMethod>(parsed.GetValue(calibration)!), defaults.Rule),
                    Lambda = parsed.GetValue(lambda),
                };
                foreach (var product in products)
                {
                    var mode = FrameOption.Parse(parsed.GetValue(frame)) ?? product.DefaultFrame;
                    var files = parsed.GetValue(screeningFiles) is { } named && products.Count > 1 ? Path.Combine(named, product.Category) : parsed.GetValue(screeningFiles);
                    var screening = new FitScreening(parsed.GetValue(screen) || parsed.GetValue(unlabelled) is not null, parsed.GetValue(leaveOut), parsed.GetValue(group), files, parsed.GetValue(report));
                    RequireCategory(product.Category);
                    var proposed = screening.Propose(product, backbonePath, run.Read(parsed), mode, parsed.InvocationConfiguration.Error, cancellationToken);
                    Fit(proposed, screening, product.Train.Count, extractor, run.Read(parsed), options with { Frame = mode }, parsed.GetRequiredValue(banks), parsed.InvocationConfiguration, cancellationToken);
                }

                return CommandLineRunner.Done;
            },
            cancellationToken));
        return command;
    }

    /// <param name="product">The images to fit from.</param>
    /// <param name="screening">What becomes of those that the others contradict.</param>
    /// <param name="given">How many images there were before any was left out.</param>
    private static void Fit(ProductImages product, FitScreening screening, int given, OnnxFeatureExtractor extractor, ExtractorOptions run, FitOptions options, string banks, InvocationConfiguration console, CancellationToken cancellationToken)
    {
        if (product.Train.Count < Calibrator.AdvisedImages)
        {
            console.Error.WriteLine($"structcore: '{product.Category}' has only {product.Train.Count} training images; with fewer than {Calibrator.AdvisedImages} the threshold means little.");
        }

        var clock = TimeProvider.System;
        var start = clock.GetTimestamp();
        var fitter = new BankFitter(AdapterSet.Current.ImageCodec, extractor, options)
        {
            CentreBounds = run.Provider == ExecutionProvider.Cpu ? null : (proxies, rows) => new DeviceCentreBounds(proxies, rows, run),
        };
        var bank = Fit();
        if (screening.Review(product, bank, extractor, last: false, console.Error, cancellationToken) is { } kept && kept != product)
        {
            (product, bank) = (kept, Fit());
            screening.Review(product, bank, extractor, last: true, console.Error, cancellationToken);
        }

        int? leftOut = screening.LeavesOut ? given - product.Train.Count : null;
        bank = new ProductBank(bank.Manifest with { LeftOutImages = leftOut }, bank.Memory, bank.Routing, bank.Sha256);
        var path = BankFile.Write(bank, banks, clock.GetUtcNow());
        var screened = leftOut is null ? "" : $" ({leftOut} left out by screening)";
        console.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{path}: {product.Train.Count} images{screened}, {bank.Memory.Rows} rows of {bank.Memory.Width}, {extractor.Backbone.Name}, {ChoiceOption.Name(options.Frame)}, {ChoiceOption.Name(options.Method)}, {ChoiceOption.Name(options.Distance)}, threshold {bank.Calibration.Threshold:G5}, {clock.GetElapsedTime(start).TotalSeconds:F1} s"));

        ProductBank Fit() => WorkProgress.Show(console.Error, progress => fitter.Fit(product.Category, product.Train, new StageBars(product.Category, progress), cancellationToken));
    }

    private static ThresholdRule Rule(double? falseReject, double? quantile, CalibrationMethod method, ThresholdRule standard) =>
        falseReject is { } alpha ? ThresholdRule.Conformal(alpha)
        : quantile is { } place ? ThresholdRule.AtQuantile(place)
        : method == CalibrationMethod.Paper ? ThresholdRule.AtQuantile(PaperQuantile)
        : standard;

    /// <summary>Before anything is computed.</summary>
    public static void RequireCategory(string name)
    {
        if (!CategoryName.IsValid(name))
        {
            throw new CommandFailedException($"'{name}' cannot name a category: use 1 to 64 letters, digits, '.', '_' and '-', beginning with a letter or digit. Rename the folder, or name a plain folder's category with --category.");
        }
    }

    /// <summary>One bar per stage, begun when the stage first reports.</summary>
    private sealed class StageBars(string category, WorkProgress progress) : IProgress<FitProgress>
    {
        private readonly Dictionary<string, IProgress<int>> _bars = [];

        public void Report(FitProgress value)
        {
            if (!_bars.TryGetValue(value.Stage, out var bar))
            {
                _bars[value.Stage] = bar = progress.Start($"{category}: {value.Stage}", value.Total);
            }

            bar.Report(value.Done);
        }
    }
}
