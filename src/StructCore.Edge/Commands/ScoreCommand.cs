using System.CommandLine;
using System.Globalization;
using StructCore.Edge.Verdicts;
using StructCore.Vision.Fitting;

namespace StructCore.Edge.Commands;

/// <summary><c>score</c>: verdicts on image files.</summary>
internal static class ScoreCommand
{
    public static Command Create()
    {
        var images = new Argument<string[]>("IMAGE") { Description = "Image files (PNG, JPEG, BMP, TIFF)", Arity = ArgumentArity.OneOrMore };
        var banks = new Option<string>("--banks") { HelpName = "DIR", Description = "Folder of banks", Required = true };
        var category = new Option<string?>("--category") { HelpName = "NAME", Description = "Score with the bank of this category, whatever the image shows [default: the one each image is routed to; one that fits none is an ERROR]" };
        var json = new Option<string?>("--json") { HelpName = "FILE", Description = "Write the results to this file" };
        var overlay = new Option<string?>("--overlay") { HelpName = "DIR", Description = "Write heat maps over the images, as JPEG" };
        var map = new Option<string?>("--map") { HelpName = "DIR", Description = "Write anomaly maps, as .npy" };
        var backbone = BankBackbone.CreateOption();
        var models = ModelFolders.CreateOption();
        var command = new Command("score", """
            Judge image files: verdict, category, scores and threshold of each.

            Example:
              structcore score --banks banks --overlay overlays part1.png part2.png
            """) { images, banks, category, json, overlay, map, backbone, models };
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                var output = parsed.InvocationConfiguration.Output;
                var chosen = BankFile.ReadNewest(parsed.GetRequiredValue(banks), parsed.GetValue(category) is { } name ? [name] : []);
                using var scorer = BankBackbone.OpenScorer(ModelFolders.Open(parsed.GetValue(models)), parsed.GetValue(backbone), chosen);
                var files = new FileScorer(AdapterSet.Current.ImageCodec, scorer, chosen) { Recipe = parsed.GetValue(category), OverlayFolder = parsed.GetValue(overlay), MapFolder = parsed.GetValue(map) };
                var results = Score(files, parsed.GetRequiredValue(images), parsed.InvocationConfiguration.Error, cancellationToken);
                Write(results, output);
                if (parsed.GetValue(json) is { } file)
                {
                    JsonOutput.Write(file, new { Images = results });
                }

                return results.All(r => r.Decision != Decision.Error) ? CommandLineRunner.Done : CommandLineRunner.Failed;
            },
            cancellationToken));
        return command;
    }

    private static IReadOnlyList<ScoredFile> Score(FileScorer scorer, string[] images, TextWriter error, CancellationToken cancellationToken) => WorkProgress.Show(error, progress =>
    {
        var results = new List<ScoredFile>(images.Length);
        var bar = progress.Start("images", images.Length);
        foreach (var image in images)
        {
            cancellationToken.ThrowIfCancellationRequested();
            results.Add(scorer.Score(image));
            bar.Report(results.Count);
        }

        return results;
    });

    private static void Write(IReadOnlyList<ScoredFile> results, TextWriter output)
    {
        var table = ResultTable.Create(4, "image", "verdict", "category", "route distances", "base", "struct", "hybrid", "threshold", "p");
        foreach (var result in results)
        {
            var distances = result.Route?.OrderBy(r => r.Value).Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Key} {r.Value:F4}")) ?? [];
            table.Add(
                result.Image, result.Verdict, result.Category ?? "-", string.Join(", ", distances),
                ResultTable.Number(result.Base), ResultTable.Number(result.Struct), ResultTable.Number(result.Hybrid), ResultTable.Number(result.Threshold), ResultTable.Number(result.PValue));
        }

        ResultTable.Write("Images", table, output);
        foreach (var result in results.Where(r => r.Error is not null))
        {
            output.WriteLine($"ERROR {result.Image}: {result.Error}");
        }
    }
}
