using System.CommandLine;
using System.Globalization;
using StructCore.Vision.Datasets;
using StructCore.Vision.Evaluation;
using StructCore.Vision.Fitting;

namespace StructCore.Edge.Commands;

/// <summary><c>evaluate</c>: how good banks are on labelled images.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var images = new Option<string>("--images") { HelpName = "DIR", Description = "Labelled images, in MVTec's or VisA's layout", Required = true };
        var banks = new Option<string>("--banks") { HelpName = "DIR", Description = "Folder of banks; every image is routed over all of them", Required = true };
        var category = new Option<string[]>("--category") { HelpName = "NAME", Description = "Evaluate only these [default: every category that has a bank]", AllowMultipleArgumentsPerToken = true };
        var json = new Option<string?>("--json") { HelpName = "FILE", Description = "Write all figures to this file, rates as fractions of 1" };
        var plots = new Option<string?>("--plots") { HelpName = "DIR", Description = "Write score histograms, ROC curves and overlays of the worst errors as PNG" };
        var backbone = BankBackbone.CreateOption();
        var models = ModelFolders.CreateOption();
        var gate = new Option<bool>("--against-fp32") { Description = "Evaluate in fp32 on the processor too; fails where an AUROC moves by more than 0.05 points, or a verdict that is not within 1 % of its threshold" };
        var run = new BackboneOptions();
        var command = new Command("evaluate", """
            Measure banks on labelled test images: detection, localisation, false rejects and misses at the threshold, routing, time.

            Examples:
              structcore evaluate --images data/mvtec --banks banks --json evaluation.json --plots plots
              structcore evaluate --images data/mvtec --banks banks --provider cuda --precision fp16 --against-fp32
            """) { images, banks, category, json, plots, backbone, models, gate };
        run.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
                var all = BankFile.ReadNewest(parsed.GetRequiredValue(banks), []);
                var products = Products(parsed.GetRequiredValue(images), parsed.GetValue(category) ?? [], all, error);
                using var extractor = BankBackbone.Open(ModelFolders.Open(parsed.GetValue(models)), parsed.GetValue(backbone), all, run.Read(parsed));
                var evaluator = new BankEvaluator(AdapterSet.Current.ImageCodec, extractor, all, TimeProvider.System);
                var evaluations = Evaluate(evaluator, products, error, cancellationToken);
                var report = EvaluationReport.Of(evaluations);
                EvaluationTables.Write(report, output);
                if (parsed.GetValue(json) is { } file)
                {
                    JsonOutput.Write(file, report);
                }

                if (parsed.GetValue(plots) is { } folder)
                {
                    EvaluationPlots.Write(folder, evaluations, evaluator, AdapterSet.Current.ImageCodec);
                    output.WriteLine($"Plots are in {folder}.");
                }

                if (parsed.GetValue(gate))
                {
                    using var whole = BankBackbone.Open(ModelFolders.Open(parsed.GetValue(models)), parsed.GetValue(backbone), all);
                    var reference = Evaluate(new BankEvaluator(AdapterSet.Current.ImageCodec, whole, all, TimeProvider.System), products, error, cancellationToken);
                    RequireAsGood(reference, evaluations, output);
                }

                return CommandLineRunner.Done;
            },
            cancellationToken));
        return command;
    }

    private static void RequireAsGood(IReadOnlyList<CategoryEvaluation> reference, IReadOnlyList<CategoryEvaluation> other, TextWriter output)
    {
        var breaches = PrecisionGate.Compare(reference, other);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Against fp32: the largest change of an AUROC is {100 * PrecisionGate.LargestAurocChange(reference, other):F3} points."));
        if (breaches.Count > 0)
        {
            throw new CommandFailedException(string.Join(Environment.NewLine, breaches.Append("This precision is not as good as fp32 on these images. Leave Models:Precision at fp32 for them.")));
        }
    }

    private static IReadOnlyList<ProductImages> Products(string images, string[] categories, IReadOnlyList<ProductBank> banks, TextWriter error)
    {
        var found = ImageFolder.Open(images, categories);
        var (known, unknown) = (found.Where(Known).ToArray(), found.Where(p => !Known(p)).Select(p => p.Category).ToArray());
        if (known.Length == 0 || (unknown.Length > 0 && categories.Length > 0))
        {
            throw new CommandFailedException($"No bank of {string.Join(", ", unknown)}. There are banks of: {string.Join(", ", banks.Select(b => b.Manifest.Category))}. Fit one: structcore fit --images DIR --banks DIR.");
        }

        if (unknown.Length > 0)
        {
            error.WriteLine($"structcore: left out, for want of a bank: {string.Join(", ", unknown)}.");
        }

        return known;

        bool Known(ProductImages product) => banks.Any(b => b.Manifest.Category == product.Category);
    }

    private static IReadOnlyList<CategoryEvaluation> Evaluate(BankEvaluator evaluator, IReadOnlyList<ProductImages> products, TextWriter error, CancellationToken cancellationToken) =>
        WorkProgress.Show(error, progress => products.Select(p => evaluator.Evaluate(p, progress.Start(p.Category, p.Test.Count), cancellationToken)).ToArray());
}
