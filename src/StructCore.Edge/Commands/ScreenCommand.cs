using System.CommandLine;
using System.Globalization;
using StructCore.Vision.Datasets;
using StructCore.Vision.Features;
using StructCore.Vision.Imaging;
using StructCore.Vision.ZeroShot;

namespace StructCore.Edge.Commands;

/// <summary><c>screen</c>: which images of an unlabelled batch the others contradict.</summary>
internal static class ScreenCommand
{
    private const int ShownRows = 20;

    public static Command Create()
    {
        var images = new Option<string>("--images") { HelpName = "DIR", Description = "The batch: a folder of images, a folder of such folders, or a category in MVTec's layout, of which the test images are taken", Required = true };
        var every = new Option<int>("--every") { HelpName = "N", Description = "Take only every N-th image, from the first on, in ordinal order of folder and name", DefaultValueFactory = _ => 1 };
        var backbone = new Option<string?>("--backbone") { HelpName = "NAME|FILE", Description = "Backbone by name or .onnx file [default: the best there is: dinov2-*, another imported one, the embedded one]" };
        var frame = FrameOption.Create("centre-crop where the folder tells good from defective, else full-frame");
        var leaveOut = BatchScreening.CreateLeaveOutOption();
        var group = BatchScreening.CreateGroupOption();
        var json = new Option<string?>("--json") { HelpName = "FILE", Description = "Write the ranking to this file" };
        var output = new Option<string?>("--out") { HelpName = "DIR", Description = $"Write {ScreeningFiles.Ranking}, {ScreeningFiles.Good} (the proposed images) and {ScreeningFiles.Sheet} there" };
        var models = ModelFolders.CreateOption();
        var run = BackboneOptions.SideBySide();
        every.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
            {
                result.AddError("--every takes a number from 1.");
            }
        });
        var command = new Command("screen", """
            Rank the images of a batch that nobody has sorted, the most suspicious first, and propose the good ones.

            Examples:
              structcore screen --images recorded --out screening
              structcore screen --images data/mvtec/cap --backbone dinov2-base --json screening.json
            """) { images, every, backbone, frame, leaveOut, group, json, output, models };
        run.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                BatchImage[] batch = [.. ImageBatch.Open(parsed.GetRequiredValue(images)).Where((_, i) => i % parsed.GetValue(every) == 0)];
                var mode = FrameOption.Parse(parsed.GetValue(frame)) ?? (batch.Any(b => b.Defective is not null) ? FrameMode.CentreCrop : FrameMode.FullFrame);
                var path = ModelFolders.Open(parsed.GetValue(models)).Find(parsed.GetValue(backbone));
                var options = new ScreeningOptions { Frame = mode, GroupSize = parsed.GetValue(group) };
                var screened = BatchScreening.Screen([.. batch.Select(b => b.Path)], path, run.Read(parsed), options, parsed.InvocationConfiguration.Error, cancellationToken);
                var report = ScreeningReport.Of(batch, screened, GoodProposal.Of(screened, parsed.GetValue(leaveOut)), Path.GetFileNameWithoutExtension(path));
                Write(report, parsed.InvocationConfiguration.Output);
                if (parsed.GetValue(json) is { } file)
                {
                    JsonOutput.Write(file, report);
                }

                if (parsed.GetValue(output) is { } folder)
                {
                    ScreeningFiles.Write(folder, report, screened, BackboneManifestFile.Read(path), mode, AdapterSet.Current.ImageCodec);
                }

                return CommandLineRunner.Done;
            },
            cancellationToken));
        return command;
    }

    private static void Write(ScreeningReport report, TextWriter output)
    {
        var table = ResultTable.Create(3, "image", "truth", "proposed", "rank", "score", "refined");
        foreach (var row in report.Images.Take(ShownRows))
        {
            var truth = row.Defective switch { true => "defective", false => "good", null => "-" };
            table.Add(row.Image, truth, row.Proposed ? "good" : "-", row.Rank.ToString(CultureInfo.InvariantCulture), ResultTable.Number(row.Score), ResultTable.Number(row.Refined));
        }

        ResultTable.Write($"The most suspicious of {report.Images.Count} images, {report.Backbone}", table, output);
        if (report.Auroc is not null)
        {
            output.WriteLine($"I-AUROC in percent: score {ResultTable.Percent(report.Auroc)}, refined {ResultTable.Percent(report.RefinedAuroc)}.");
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.ProposedImages().Count()} of {report.Images.Count} images are proposed as good, with a score of at most {report.Limit:G5}."));
    }
}
