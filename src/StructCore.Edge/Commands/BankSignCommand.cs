using System.CommandLine;
using StructCore.Edge.BankUpdates.Activation;
using StructCore.Edge.BankUpdates.Packages;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;

namespace StructCore.Edge.Commands;

/// <summary><c>bank sign</c>: a bank file to a package that stations take.</summary>
internal static class BankSignCommand
{
    public static Command Create()
    {
        var bank = new Argument<string>("BANK") { Description = "Bank file, CATEGORY-vN.scbank; a signed one is signed anew" };
        var parity = new Option<string[]>("--parity") { HelpName = "DIR|FILE", Description = "Frames of the product, good ones and defective ones; every station must score them as this machine does", Required = true, AllowMultipleArgumentsPerToken = true };
        var images = new Option<int>("--parity-images") { HelpName = "N", Description = $"Images that are taken from a folder, evenly spaced, 1 to {ParitySet.MostCases}", DefaultValueFactory = _ => 4 };
        var features = NumberOption.Share("--feature-tolerance", "SHARE", "How far apart features may lie, relative to their size", 0.01);
        var score = NumberOption.Share("--score-tolerance", "SHARE", "How far apart scores may lie, relative to the threshold", 0.02);
        var expires = new LifeOption("--expires", "365d", "How long stations may begin to use it");
        var agent = new Option<string>("--minimum-agent") { HelpName = "VERSION", Description = "Oldest agent that may use it", DefaultValueFactory = _ => ProgramVersion.Release.ToString() };
        var target = new Option<string>("--out") { HelpName = "DIR", Description = "Where the package goes, under the bank's name; not the bank's own folder", Required = true };
        var backbone = BankBackbone.CreateOption();
        var models = ModelFolders.CreateOption();
        var signing = new SigningOptions();
        var command = new Command("sign", """
            Score a parity set with a bank on this machine, and sign both.

            Example:
              structcore bank sign banks/cap-v2.scbank --parity parts/cap --key keys/line.key.pem --out packages
            """) { bank, parity, images, features, score, expires, agent, target, backbone, models };
        signing.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(bank) is { } path && result.GetValue(target) is { } folder && Path.GetDirectoryName(Path.GetFullPath(path)) == Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))
            {
                result.AddError("--out is the bank's own folder: a station may be deciding with this file. Name another one.");
            }
        });
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                var (path, now) = (parsed.GetRequiredValue(bank), TimeProvider.System.GetUtcNow());
                var fitted = BankFile.Read(path);
                var frames = ParityImages.Choose(parsed.GetRequiredValue(parity), parsed.GetValue(images));
                using var scorer = BankBackbone.OpenScorer(ModelFolders.Open(parsed.GetValue(models)), parsed.GetValue(backbone), [fitted]);
                fitted.RequireBackbone(scorer.Backbone);
                var crops = frames.Select(f => Crop(f, fitted, scorer.Backbone)).ToArray();
                var cases = ParityGate.Measure(fitted, scorer, crops);
                cancellationToken.ThrowIfCancellationRequested();
                var draft = new ReleaseDraft(
                    Backbone(fitted, scorer.Backbone),
                    new ParitySet(scorer.Backbone.Crop, parsed.GetValue(features), parsed.GetValue(score), cases),
                    crops,
                    now,
                    now + expires.Read(parsed),
                    parsed.GetValue(agent)!);
                var package = signing.Use(parsed, keys => PackageWriter.Write(path, parsed.GetRequiredValue(target), draft, keys));
                BankInspectCommand.Write(package, parsed.InvocationConfiguration.Output);
                return CommandLineRunner.Done;
            },
            cancellationToken));
        return command;
    }

    private static RgbImage Crop(string frame, ProductBank bank, BackboneManifest backbone) =>
        ImagePreprocessor.Crop(AdapterSet.Current.ImageCodec.Load(frame), bank.Manifest.Frame, backbone.Resize, backbone.Crop);

    private static ReleaseBackbone Backbone(ProductBank bank, BackboneManifest backbone) =>
        new(backbone.Name, backbone.Sha256, BackboneDigests.Preprocess(backbone, bank.Manifest.Frame), BackboneDigests.Fuse(backbone));
}
