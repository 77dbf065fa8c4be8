using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using StructCore.Edge.Configuration;
using StructCore.Edge.Replay;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;

namespace StructCore.Edge.Commands;

/// <summary><c>teach</c>: good parts that a bank rejects join it, as its next version.</summary>
internal static class TeachCommand
{
    public static Command Create()
    {
        var banks = TaughtBank.CreateFolderOption();
        var category = new Option<string?>("--category") { HelpName = "NAME", Description = "Whose bank; with --trigger it may be left out" };
        var images = new Option<string[]>("--image") { HelpName = "FILE", Description = "Images that were rejected and are good", AllowMultipleArgumentsPerToken = true };
        var trigger = new Option<string?>("--trigger") { HelpName = "TRIGGER_ID", Description = "Or the frame that a station kept of this rejected part" };
        var config = new Option<string?>("--config") { HelpName = "FILE", Description = "With --trigger: the agent's configuration, whose store and evidence are read [default: as of the run verb]" };
        var epoch = new Option<string?>("--plc-epoch") { HelpName = "EPOCH", Description = "With --trigger: where several records have it" };
        var station = new Option<string?>("--station") { HelpName = "SITE/LINE/ID", Description = "With --trigger: where several records have it" };
        var by = new Option<string>("--by") { HelpName = "NAME", Description = "Who confirms that the parts are good; goes on record", Required = true };
        var backbone = BankBackbone.CreateOption();
        var models = ModelFolders.CreateOption();
        var command = new Command("teach", """
            Teach a bank parts that it rejects and a person confirms as good: the patches that their rejects hang on join it, as its next version.
            Routing and calibration stay. 'taught' lists what was taught, 'unteach' takes it back exactly.

            Examples:
              structcore teach --banks banks --category cap --image rejected/0017.png --by shift-2
              structcore teach --banks banks --trigger 000123 --config appsettings.json --by shift-2
            """) { banks, category, images, trigger, config, epoch, station, by, backbone, models };
        command.Validators.Add(result =>
        {
            if (result.GetValue(images) is { Length: > 0 } == result.GetValue(trigger) is not null)
            {
                result.AddError("teach takes either --image, files, or --trigger, a part that a station rejected.");
            }
            else if (result.GetValue(trigger) is null && result.GetValue(category) is null)
            {
                result.AddError("teach --image needs the --category whose bank the images join.");
            }
        });
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                var (codec, clock) = (AdapterSet.Current.ImageCodec, TimeProvider.System);
                List<(TaughtImage Entry, Func<RgbImage> Load)> lessons = [];
                var name = parsed.GetValue(category);
                if (parsed.GetValue(trigger) is { } id)
                {
                    var options = AgentConfiguration.Load(parsed.GetValue(config)).Options;
                    using var store = AdapterSet.Current.ReadStore(options.Store.Path);
                    var frame = RejectedFrame.Find(store, options.Evidence.Folder, codec, new(id, parsed.GetValue(epoch), parsed.GetValue(station)));
                    var rejectedAs = frame.Record.Verdict.Category!;
                    if (name is not null && name != rejectedAs)
                    {
                        throw new CommandFailedException($"Trigger {id} was judged as '{rejectedAs}', not as '{name}'. Leave --category out.");
                    }

                    name = rejectedAs;
                    lessons.Add((frame.Describe(parsed.GetRequiredValue(by), clock.GetUtcNow()), () => frame.Image));
                }
                else
                {
                    lessons.AddRange(parsed.GetValue(images)!.Select(path => (Describe(path, parsed.GetRequiredValue(by), clock.GetUtcNow()), (Func<RgbImage>)(() => codec.Load(path)))));
                }

                var bank = BankFile.ReadNewest(parsed.GetRequiredValue(banks), [name!])[0];
                using var extractor = BankBackbone.Open(ModelFolders.Open(parsed.GetValue(models)), parsed.GetValue(backbone), [bank]);
                bank.RequireBackbone(extractor.Backbone);
                var taught = Teach(bank, extractor, lessons, parsed.InvocationConfiguration.Output, cancellationToken);
                if (taught == bank)
                {
                    throw new CommandFailedException($"Nothing was taught: '{bank.Manifest.Id}' stays the newest bank of '{name}'.");
                }

                var path = BankFile.Write(taught, parsed.GetRequiredValue(banks), clock.GetUtcNow());
                parsed.InvocationConfiguration.Output.WriteLine($"{path}: {taught.Manifest.Taught!.Count} images taught, {taught.Memory.Rows} rows, {taught.Memory.Rows - bank.Memory.Rows} more than '{bank.Manifest.Id}'");
                return CommandLineRunner.Done;
            },
            cancellationToken));
        return command;
    }

    private static ProductBank Teach(ProductBank bank, IFeatureExtractor extractor, List<(TaughtImage Entry, Func<RgbImage> Load)> lessons, TextWriter output, CancellationToken cancellationToken)
    {
        foreach (var (entry, load) in lessons)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var image = load();
            using var features = extractor.Extract(image, bank.Manifest.Frame, cancellationToken);
            try
            {
                var (next, taught, before, after) = BankTeacher.Teach(bank, features, entry);
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{entry.File}: score {before.Score.Hybrid:G5} becomes {after.Score.Hybrid:G5}, threshold {bank.Calibration.Threshold:G5}, {taught.Rows} rows{(after.Rejected ? "; STILL A REJECT beside what else was taught: calibrate or fit the bank anew with images like it" : "")}"));
                bank = next;
            }
            catch (TeachingException e)
            {
                output.WriteLine($"{entry.File}: not taught. {e.Message}");
            }
        }

        return bank;
    }

    private static TaughtImage Describe(string path, string by, DateTimeOffset now)
    {
        try
        {
            return new() { Sha256 = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))), File = Path.GetFileName(path), ConfirmedBy = by, TaughtAt = now };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidImageException($"Image '{path}' cannot be read: {e.Message}", e);
        }
    }
}
