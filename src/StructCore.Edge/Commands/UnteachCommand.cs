using System.CommandLine;
using StructCore.Vision.Fitting;

namespace StructCore.Edge.Commands;

/// <summary><c>unteach</c>: takes taught images out of a bank again, exactly, as its next version.</summary>
internal static class UnteachCommand
{
    private const int ShortestDigest = 8;

    public static Command Create()
    {
        var banks = TaughtBank.CreateFolderOption();
        var category = new Option<string>("--category") { HelpName = "NAME", Description = "Whose bank", Required = true };
        var digest = new Option<string?>("--digest") { HelpName = "SHA256", Description = $"The image's SHA-256, or how it begins: at least {ShortestDigest} characters" };
        var trigger = new Option<string?>("--trigger") { HelpName = "TRIGGER_ID", Description = "The trigger whose frame was taught" };
        var all = new Option<bool>("--all") { Description = "Everything that was ever taught" };
        var command = new Command("unteach", """
            Take taught images out of a bank again, as its next version. Without all of them, rows, images, routing and calibration are bit for bit those that were fitted.

            Example:
              structcore unteach --banks banks --category cap --digest 9f86d081884c7d65
            """) { banks, category, digest, trigger, all };
        command.Validators.Add(result =>
        {
            if (new[] { result.GetValue(digest) is not null, result.GetValue(trigger) is not null, result.GetValue(all) }.Count(x => x) != 1)
            {
                result.AddError("unteach takes one of --digest, --trigger and --all; 'structcore taught' lists what there is.");
            }
            else if (result.GetValue(digest) is { Length: < ShortestDigest })
            {
                result.AddError($"--digest needs at least {ShortestDigest} characters of the SHA-256.");
            }
        });
        command.SetAction(parsed =>
        {
            var (folder, name) = (parsed.GetRequiredValue(banks), parsed.GetRequiredValue(category));
            var bank = BankFile.ReadNewest(folder, [name])[0];
            var images = TaughtBank.Find(bank, parsed.GetValue(trigger), parsed.GetValue(digest));
            if (images.Count == 0)
            {
                throw new CommandFailedException($"Nothing of the kind is taught to '{bank.Manifest.Id}', which has {bank.Manifest.Taught?.Count ?? 0} taught images. List them: structcore taught --banks \"{folder}\".");
            }

            var without = BankTeacher.Unteach(bank, images);
            var path = BankFile.Write(without, folder, TimeProvider.System.GetUtcNow());
            parsed.InvocationConfiguration.Output.WriteLine($"{path}: {images.Count} images taken back, {without.Manifest.Taught?.Count ?? 0} taught ones left, {without.Memory.Rows} rows, {bank.Memory.Rows - without.Memory.Rows} fewer than '{bank.Manifest.Id}'");
            return CommandLineRunner.Done;
        });
        return command;
    }
}
