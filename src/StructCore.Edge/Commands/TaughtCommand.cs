using System.CommandLine;
using System.Globalization;
using StructCore.Vision.Fitting;

namespace StructCore.Edge.Commands;

/// <summary><c>taught</c>: what was taught to the banks of a folder, by whom.</summary>
internal static class TaughtCommand
{
    public static Command Create()
    {
        var banks = TaughtBank.CreateFolderOption();
        var category = new Option<string[]>("--category") { HelpName = "NAME", Description = "Only these categories", AllowMultipleArgumentsPerToken = true };
        var json = new Option<bool>("--json") { Description = "Write it as JSON" };
        var command = new Command("taught", """
            List the images that were taught to the newest bank of every category: who confirmed them, when, and how many rows they brought.

            Example:
              structcore taught --banks banks --category cap
            """) { banks, category, json };
        command.SetAction(parsed =>
        {
            var (output, read) = (parsed.InvocationConfiguration.Output, BankFile.ReadNewest(parsed.GetRequiredValue(banks), parsed.GetValue(category) ?? []));
            if (parsed.GetValue(json))
            {
                output.Write(JsonOutput.Format(new { Banks = read.Select(b => new { b.Manifest.Id, b.Sha256, b.Manifest.Origin, b.Manifest.Entries, b.Manifest.Calibration, Taught = b.Manifest.Taught ?? [] }) }));
                return CommandLineRunner.Done;
            }

            foreach (var bank in read)
            {
                Write(bank, output);
            }

            return CommandLineRunner.Done;
        });
        return command;
    }

    private static void Write(ProductBank bank, TextWriter output)
    {
        if (bank.Manifest.Taught is not { } taught)
        {
            output.WriteLine($"{bank.Manifest.Id}: nothing was taught");
            return;
        }

        var table = ResultTable.Create(1, "image", "trigger", "SHA-256", "confirmed by", "when", "rows");
        foreach (var image in taught)
        {
            table.Add(image.File, image.TriggerId ?? "-", image.Sha256[..16], image.ConfirmedBy, image.TaughtAt.UtcDateTime.ToString("u", CultureInfo.InvariantCulture), image.Rows.ToString(CultureInfo.InvariantCulture));
        }

        ResultTable.Write($"{bank.Manifest.Id}: {taught.Count} images taught", table, output);
    }
}
