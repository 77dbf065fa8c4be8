using System.CommandLine;
using System.Globalization;
using StructCore.Edge.BankUpdates.Packages;
using StructCore.Edge.BankUpdates.Signing;
using StructCore.Vision.Calibration;
using StructCore.Vision.Datasets;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;

namespace StructCore.Edge.Commands;

/// <summary><c>recalibrate</c>: a bank that decides already learns from other good parts how high they score.</summary>
internal static class RecalibrateCommand
{
    public static Command Create()
    {
        var document = new CalibrationOptions();
        var images = new Option<string?>("--images") { HelpName = "DIR", Description = "Good parts that the bank was not fitted from, right in this folder" };
        var accepted = new Option<string?>("--accepted") { HelpName = "CONFIG", Description = "Instead: the parts that the agent of this configuration accepted and kept as evidence; it may run" };
        var since = new Option<DateTimeOffset?>("--since") { HelpName = "TIME", Description = "With --accepted: none before, such as 2026-02-03 or 2026-02-03T06:00:00Z" };
        var onto = new Option<string?>("--onto") { HelpName = "FILE", Description = "Signed calibration that the station decides by now [default: the bank's own]" };
        var replace = new Option<bool>("--replace") { Description = "The new images take the place of those it was calibrated on, instead of joining them" };
        var falseReject = NumberOption.Share("--false-reject", "SHARE", "Share of good parts that may be rejected, above 0 up to 1 [default: as before]");
        var lambda = NumberOption.NotNegative("--lambda", "VALUE", "Fixed weight of the structure, 0 or more [default: automatic]");
        var backbone = BankBackbone.CreateOption();
        var models = ModelFolders.CreateOption();
        var run = BackboneOptions.SideBySide();
        var command = new Command("recalibrate", """
            Score good parts with a bank as it is, learn its threshold anew, and sign that; a station that decides with the bank takes it without a new one.

            Examples:
              structcore recalibrate banks/cap-v2.scbank --images parts/today --number 1 --key keys/line.key.pem --out cap-calibration.json
              structcore recalibrate banks/cap-v2.scbank --accepted appsettings.json --since 2026-02-03 --replace --number 2 --key keys/line.key.pem --out cap-calibration.json
            """) { images, accepted, since, onto, replace, falseReject, lambda, backbone, models };
        document.AddTo(command);
        run.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(images) is null == result.GetValue(accepted) is null)
            {
                result.AddError("recalibrate takes either --images, a folder of good parts, or --accepted, those that an agent accepted.");
            }
            else if (result.GetValue(since) is not null && result.GetValue(accepted) is null)
            {
                result.AddError("--since is an option of --accepted.");
            }
        });
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                var bank = document.Bank(parsed);
                bank = parsed.GetValue(onto) is { } file ? bank.With(Onto(bank.Manifest, file)) : bank;
                var before = bank.Calibration;
                Calibrator.RequireJoinable(before, parsed.GetValue(replace));
                using var extractor = BankBackbone.Open(ModelFolders.Open(parsed.GetValue(models)), parsed.GetValue(backbone), [bank], run.Read(parsed));
                var scorer = new HeldOutScorer(extractor, bank);
                var scores = parsed.GetValue(accepted) is { } config
                    ? ScoreAccepted(scorer, bank, config, parsed.GetValue(since), parsed.InvocationConfiguration.Error, cancellationToken)
                    : Score(scorer, bank, In(parsed.GetValue(images)!), AdapterSet.Current.ImageCodec.Load, parsed.InvocationConfiguration.Error, cancellationToken);
                var rule = parsed.GetValue(falseReject) is { } alpha ? ThresholdRule.Conformal(alpha) : before.Rule;
                var after = Calibrator.Recalibrate(before, scores, parsed.GetValue(replace), rule, parsed.GetValue(lambda));
                Tell(bank, scores, after, parsed.GetValue(accepted) is not null, parsed.InvocationConfiguration.Output);
                document.Write(parsed, bank.Manifest, after);
                return CommandLineRunner.Done;
            },
            cancellationToken));
        return command;
    }

    private static ScoreCalibration Onto(BankManifest manifest, string file)
    {
        var document = CalibrationDocument.Read(SignedDocument.Parse(File.ReadAllBytes(file)));
        return document.Category == manifest.Category && document.BankVersion == manifest.Version
            ? document.Calibration
            : throw new CommandFailedException($"--onto '{file}' is a calibration of '{document.Category}-v{document.BankVersion}', not of '{manifest.Id}'. Name the one that the station decides by, or leave it out.");
    }

    private static IReadOnlyList<string> In(string folder) => Directory.Exists(folder) && ImageFiles.In(folder) is { Count: > 0 } images
        ? images
        : throw new InvalidDatasetException($"Image folder '{folder}' has no images right in it. Expected good parts that the bank was not fitted from (PNG, JPEG, BMP or TIFF).");

    private static NormalScores ScoreAccepted(HeldOutScorer scorer, ProductBank bank, string config, DateTimeOffset? since, TextWriter error, CancellationToken cancellationToken)
    {
        using var parts = new AcceptedParts(config);
        return Score(scorer, bank, parts.Of(bank.Manifest.Category, since), parts.Load, error, cancellationToken);
    }

    private static NormalScores Score<T>(HeldOutScorer scorer, ProductBank bank, IReadOnlyList<T> images, Func<T, RgbImage> load, TextWriter error, CancellationToken cancellationToken) => WorkProgress.Show(error, progress =>
    {
        var bar = progress.Start(bank.Manifest.Id, images.Count);
        return scorer.Score(images, load, bar.Report, cancellationToken);
    });

    private static void Tell(ProductBank bank, NormalScores scores, ScoreCalibration after, bool wereAccepted, TextWriter output)
    {
        var before = bank.Calibration;
        var above = scores.Count(s => before.Rejects(before.Score(s.Map)));
        output.WriteLine(Line("before", before));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {scores.Count} new images, {above} of them ({(double)above / scores.Count:P1}) above that threshold"));
        output.WriteLine(Line("after", after));
        if (wereAccepted)
        {
            output.WriteLine("  The new images are parts that a threshold had accepted: good parts that it rejected are not among them. The promise is about parts that it accepts; those it rejects come on top, as many as it promised.");
        }

        string Line(string when, ScoreCalibration calibration) => string.Create(CultureInfo.InvariantCulture,
            $"{bank.Manifest.Id}, {when}: {calibration.Images} images, {ChoiceOption.Name(calibration.Method)}, threshold {calibration.Threshold:G5}{Environment.NewLine}  {Promise.Describe(calibration)}");
    }
}
