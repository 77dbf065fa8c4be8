using System.CommandLine;

namespace StructCore.Edge.Commands;

/// <summary><c>bank calibrate</c>: another threshold for a bank that decides already.</summary>
internal static class BankCalibrateCommand
{
    public static Command Create()
    {
        var threshold = NumberOption.Positive("--threshold", "SCORE", "Parts with a hybrid score above it are rejected");
        threshold.Required = true;
        var lambda = NumberOption.NotNegative("--lambda", "VALUE", "Weight of the structure in the hybrid score [default: the bank's]");
        var document = new CalibrationOptions();
        var command = new Command("calibrate", """
            Sign another threshold for a bank version; a station that decides with it takes it without a new bank.

            Example:
              structcore bank calibrate banks/cap-v2.scbank --threshold 1.35 --number 1 --key keys/line.key.pem --out cap-calibration.json
            """) { threshold, lambda };
        document.AddTo(command);
        command.SetAction(parsed =>
        {
            var manifest = document.Bank(parsed).Manifest;
            document.Write(parsed, manifest, manifest.Calibration with { Threshold = parsed.GetValue(threshold), Lambda = parsed.GetValue(lambda) ?? manifest.Calibration.Lambda, FalseReject = null });
            return CommandLineRunner.Done;
        });
        return command;
    }
}
