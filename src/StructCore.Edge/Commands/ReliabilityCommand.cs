using System.CommandLine;
using StructCore.Vision.Datasets;
using StructCore.Vision.Evaluation;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;

namespace StructCore.Edge.Commands;

/// <summary><c>reliability</c>: whether thresholds keep what they promise, over random splits of good images.</summary>
internal static class ReliabilityCommand
{
    private const int DefaultSplits = 20;
    private const string Slowest = "conformal-leave-one-image-out";

    public static Command Create()
    {
        var images = new Option<string>("--images") { HelpName = "DIR", Description = "Labelled images, in MVTec's or VisA's layout", Required = true };
        var backbone = new Option<string?>("--backbone") { HelpName = "NAME|FILE", Description = "Backbone by name or .onnx file [default: the best there is: dinov2-*, another imported one, the embedded one]" };
        var category = new Option<string[]>("--category") { HelpName = "NAME", Description = "Only these categories", AllowMultipleArgumentsPerToken = true };
        var calibration = new Option<string[]>("--calibration") { HelpName = "NAME", Description = $"Only these, of {string.Join(", ", CandidateCalibration.All.Select(c => c.Name))} [default: all but {Slowest}, which takes long]", AllowMultipleArgumentsPerToken = true };
        var splits = NumberOption.Whole("--splits", "N", "Random splits of the good images, which leave each unseen as often", DefaultSplits, 1, 10_000);
        var frame = FrameOption.Create("centre-crop");
        var json = new Option<string?>("--json") { HelpName = "FILE", Description = "Write all rows to this file, rates as fractions of 1" };
        var models = ModelFolders.CreateOption();
        var run = BackboneOptions.SideBySide();
        calibration.AcceptOnlyFromAmong([.. CandidateCalibration.All.Select(c => c.Name)]);
        var command = new Command("reliability", """
            Measure whether thresholds keep what they promise: good images are parted by chance into those to fit from and unseen ones, again and again.

            Examples:
              structcore reliability --images data/mvtec --category cap --backbone resnet18 --json reliability.json
              structcore reliability --images data/mvtec --calibration paper conformal-refilled --splits 5
            """) { images, backbone, category, calibration, splits, frame, json, models };
        run.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                var products = ImageFolder.Open(parsed.GetRequiredValue(images), parsed.GetValue(category) ?? []);
                var candidates = Candidates(parsed.GetValue(calibration) ?? []);
                using var extractor = OnnxFeatureExtractor.Open(ModelFolders.Open(parsed.GetValue(models)).Find(parsed.GetValue(backbone)), run.Read(parsed));
                var results = new Dictionary<string, IReadOnlyList<CandidateReliability>>();
                foreach (var product in products)
                {
                    results[product.Category] = WorkProgress.Show(parsed.InvocationConfiguration.Error, progress =>
                    {
                        var options = new FitOptions { Frame = FrameOption.Parse(parsed.GetValue(frame)) ?? product.DefaultFrame };
                        return new ReliabilityExperiment(AdapterSet.Current.ImageCodec, extractor, options).Run(product, candidates, parsed.GetValue(splits), new StageBars(product.Category, progress), cancellationToken);
                    });

                    // A run may take hours: what ends one of the later categories does not cost the earlier ones.
                    if (parsed.GetValue(json) is { } file)
                    {
                        JsonOutput.Write(file, Report());
                    }
                }

                ReliabilityOutput.Write(Report(), parsed.InvocationConfiguration.Output);
                return CommandLineRunner.Done;

                ReliabilityReport Report() => ReliabilityReport.Of(results, extractor.Backbone.Name, parsed.GetValue(splits));
            },
            cancellationToken));
        return command;
    }

    private static IReadOnlyList<CandidateCalibration> Candidates(string[] names) =>
        [.. CandidateCalibration.All.Where(c => names.Length == 0 ? c.Name != Slowest : names.Contains(c.Name))];
}
