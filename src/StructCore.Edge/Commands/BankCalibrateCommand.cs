using System.CommandLine;
using StructCore.Edge.BankUpdates.Packages;
using StructCore.Vision.Fitting;

namespace StructCore.Edge.Commands;

/// <summary><c>bank calibrate</c>: another threshold for a bank that decides already.</summary>
internal static class BankCalibrateCommand
{
    public static Command Create()
    {
        var bank = new Argument<string>("BANK") { Description = "The bank file it is for, CATEGORY-vN.scbank" };
        var threshold = NumberOption.Positive("--threshold", "SCORE", "Parts with a hybrid score above it are rejected");
        threshold.Required = true;
        var lambda = NumberOption.NotNegative("--lambda", "VALUE", "Weight of the structure in the hybrid score [default: the bank's]");
        var number = new Option<int>("--number") { HelpName = "N", Description = "Counts the calibrations of this bank version from 1; stations take only higher ones than they had", Required = true };
        var expires = LifeOption.Create("--expires", "365d", "How long stations may begin to use it");
        var target = new Option<string>("--out") { HelpName = "FILE", Description = "The signed document to write", Required = true };
        var signing = new SigningOptions();
        var command = new Command("calibrate", """
            Sign another threshold for a bank version; a station that decides with it takes it without a new bank.

            Example:
              structcore bank calibrate banks/cap-v2.scbank --threshold 1.35 --number 1 --key keys/line.key.pem --out cap-calibration.json
            """) { bank, threshold, lambda, number, expires, target };
        signing.AddTo(command);
        command.SetAction(parsed =>
        {
            var (manifest, now) = (BankFile.Read(parsed.GetRequiredValue(bank)).Manifest, TimeProvider.System.GetUtcNow());
            var calibration = new CalibrationDocument
            {
                Category = manifest.Category,
                BankVersion = manifest.Version,
                Number = parsed.GetValue(number),
                Created = now,
                Expires = now + parsed.GetValue(expires),
                Calibration = manifest.Calibration with { Threshold = parsed.GetValue(threshold), Lambda = parsed.GetValue(lambda) ?? manifest.Calibration.Lambda, FalseReject = null },
            };
            signing.Write(parsed, calibration, CalibrationDocument.Read, parsed.GetRequiredValue(target));
            return CommandLineRunner.Done;
        });
        return command;
    }
}
