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

    private static readonly string HeldOut = ChoiceOption.Name(CalibrationMethod.HeldOut);

    public static Command Create()
    {
        var defaults = new FitOptions();
        var images = new Option<string?>("--images") { HelpName = "DIR", Description = "MVTec's layout (CATEGORY/train/good), VisA's, or one folder of good images" };
        var unlabelled = new Option<string?>("--unlabelled") { HelpName = "DIR", Description = "Instead of --images: one product's images that nobody has sorted; they are screened, and the bank is fitted from those proposed as good" };
        var banks = new Option<string>("--banks") { HelpName = "DIR", Description = "Where the bank files go, as the next version of each category", Required = true };
        var category = new Option<string[]>("--category") { HelpName = "NAME", Description = "Only these categories; for a plain folder, the name of its one category", AllowMultipleArgumentsPerToken = true };
        var backbone = new Option<string?>("--backbone") { HelpName = "NAME|FILE", Description = "Backbone by name or .onnx file [default: the best there is: dinov2-*, another imported one, the embedded one]" };
        var coreset = NumberOption.Share("--coreset", "SHARE", "Share of the training patches that is kept, above 0 up to 1", defaults.CoresetRatio);
        var calibration = ChoiceOption.Create("--calibration", "Against which bank the good images are scored", defaults.Method);
        var heldOut = new Option<string?>("--calibrate") { HelpName = "DIR", Description = "Good images beside those of the bank, which the threshold is learned from (held-out): one folder, or the layout of --images" };
        var distance = ChoiceOption.Create("--distance", "Whether a map calmer than normal counts as a deviation (two-sided) or not", defaults.Distance);
        var falseReject = NumberOption.Share("--false-reject", "SHARE", "Share of good parts that may be rejected, above 0 up to 1: a conformal threshold, which keeps it [default: 0.005]");
        var quantile = NumberOption.Share("--quantile", "Q", "Instead: quantile of the good scores the threshold stands at, as in the paper, above 0 up to 1 [default with --calibration paper: 0.995]");
        var unknown = NumberOption.ShareOrNone("--unknown", "SHARE", "Share of good parts that may be refused as an unknown product, 0 up to 1; 0: every image is judged by the bank it is nearest to", defaults.UnknownShare ?? 0);
        var lambda = NumberOption.NotNegative("--lambda", "VALUE", "Fixed weight of the structure, 0 or more [default: automatic]");
        var frame = FrameOption.Create("centre-crop for benchmark layouts, full-frame for a plain folder");
        var models = ModelFolders.CreateOption();
        var screening = new FitScreeningOptions(unlabelled);
        var run = BackboneOptions.SideBySide();
        var command = new Command("fit", """
            Fit a memory bank per category from images of good parts.

            Examples:
              structcore fit --images parts/cap --banks banks
              structcore fit --images data/mvtec --banks banks --backbone dinov2-base --calibration paper --distance two-sided
              structcore fit --images parts/cap --banks banks --screen --report suspects
              structcore fit --unlabelled recorded --category cap --banks banks
            """) { images, unlabelled, banks, category, backbone, coreset, calibration, heldOut, distance, falseReject, quantile, unknown, lambda, frame, models };
        screening.AddTo(command);
        run.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(images) is null == result.GetValue(unlabelled) is null)
            {
                result.AddError("fit takes either --images, good parts, or --unlabelled, parts that nobody has sorted.");
            }
            else if (result.GetResult(falseReject) is not null && result.GetResult(quantile) is not null)
            {
                result.AddError("fit takes either --false-reject or --quantile.");
            }
            else if (result.GetResult(calibration) is { Implicit: false } given && given.Tokens.Any(t => t.Value == HeldOut) != result.GetValue(heldOut) is not null)
            {
                result.AddError($"--calibration {HeldOut} takes --calibrate with the images to calibrate on, no other does.");
            }
        });
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                var backbonePath = ModelFolders.Open(parsed.GetValue(models)).Find(parsed.GetValue(backbone));
                var names = parsed.GetValue(category) ?? [];
                IReadOnlyList<ProductImages> products = parsed.GetValue(unlabelled) is { } folder ? [UnlabelledImages.Open(folder, names)] : ImageFolder.Open(parsed.GetValue(images)!, names);

                var method = parsed.GetValue(heldOut) is null ? ChoiceOption.Parse<CalibrationMethod>(parsed.GetValue(calibration)!) : CalibrationMethod.HeldOut;
                var others = products.Select(p => parsed.GetValue(heldOut) is { } held ? HeldOutImages(p, products.Count, held) : []).ToArray();
                using var extractor = OnnxFeatureExtractor.Open(backbonePath, run.Read(parsed));
                var options = defaults with
                {
                    CoresetRatio = parsed.GetValue(coreset),
                    Method = method,
                    Distance = ChoiceOption.Parse<DistanceForm>(parsed.GetValue(distance)!),
                    Rule = Rule(parsed.GetValue(falseReject), parsed.GetValue(quantile), method, defaults.Rule),
                    UnknownShare = parsed.GetValue(unknown) is > 0 and var share ? share : null,
                    Lambda = parsed.GetValue(lambda),
                };
                foreach (var (product, calibrating) in products.Zip(others))
                {
                    var mode = FrameOption.Parse(parsed.GetValue(frame)) ?? product.DefaultFrame;
                    var chosen = screening.Read(parsed, product, products.Count);
                    RequireCategory(product.Category);
                    Fit(product, calibrating, chosen, backbonePath, extractor, run.Read(parsed), options with { Frame = mode }, parsed.GetRequiredValue(banks), parsed.InvocationConfiguration, cancellationToken);
                }

                return CommandLineRunner.Done;
            },
            cancellationToken));
        return command;
    }

    private static void Fit(ProductImages product, IReadOnlyList<string> heldOut, FitScreening screening, string backbonePath, OnnxFeatureExtractor extractor, ExtractorOptions run, FitOptions options, string banks, InvocationConfiguration console, CancellationToken cancellationToken)
    {
        if ((heldOut.Count > 0 ? heldOut : product.Train) is { Count: < Calibrator.AdvisedImages } few)
        {
            console.Error.WriteLine($"structcore: '{product.Category}' has only {few.Count} {(heldOut.Count > 0 ? "held-out" : "training")} images; with fewer than {Calibrator.AdvisedImages} the threshold means little.");
        }

        var clock = TimeProvider.System;
        var start = clock.GetTimestamp();
        var fitter = new BankFitter(AdapterSet.Current.ImageCodec, extractor, options)
        {
            CentreBounds = run.Provider == ExecutionProvider.Cpu ? null : (proxies, rows) => new DeviceCentreBounds(proxies, rows, run),
        };
        var (fitted, bank) = screening.Fit(
            product,
            images => WorkProgress.Show(console.Error, progress => fitter.Fit(images.Category, images.Train, heldOut, new StageBars(images.Category, progress), cancellationToken)),
            images => screening.Propose(images, backbonePath, run, options.Frame, console.Error, cancellationToken),
            extractor,
            console.Error,
            cancellationToken);

        int? leftOut = screening.LeavesOut ? product.Train.Count - fitted.Train.Count : null;
        bank = new ProductBank(bank.Manifest with { LeftOutImages = leftOut }, bank.Memory, bank.Routing, bank.Sha256);
        var path = BankFile.Write(bank, banks, clock.GetUtcNow());
        var screened = leftOut is null ? "" : $" ({leftOut} left out by screening)";
        console.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{path}: {fitted.Train.Count} images{screened}, {bank.Memory.Rows} rows of {bank.Memory.Width}, {extractor.Backbone.Name}, {ChoiceOption.Name(options.Frame)}, {ChoiceOption.Name(options.Method)}, {ChoiceOption.Name(options.Distance)}, threshold {bank.Calibration.Threshold:G5}, {clock.GetElapsedTime(start).TotalSeconds:F1} s"));
        console.Output.WriteLine($"  {Promise.Describe(bank.Calibration)}");
        console.Output.WriteLine($"  {Promise.DescribeUnknown(bank)}");
    }

    /// <summary>The good images of a product in another folder than those it is fitted from.</summary>
    private static IReadOnlyList<string> HeldOutImages(ProductImages product, int products, string folder)
    {
        var others = ImageFolder.Open(folder, [product.Category])[0];
        if (others.Layout == ImageLayout.PlainFolder && products > 1)
        {
            throw new CommandFailedException($"--calibrate '{folder}' is one folder of images, but {products} categories are fitted. Give a folder with CATEGORY/train/good for each, or name one with --category.");
        }

        return product.Train.Intersect(others.Train).FirstOrDefault() is { } same
            ? throw new CommandFailedException($"'{same}' is among the images of the bank and of --calibrate '{folder}'. An image the bank holds says nothing about one it has not seen: keep them apart.")
            : others.Train;
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
}
