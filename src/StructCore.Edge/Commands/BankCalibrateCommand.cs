using System.CommandLine;

namespace StructCore.Edge.Commands;

/// <summary><c>bank calibrate</c>: other limits for a bank that decides already.</summary>
internal static class BankCalibrateCommand
{
    public static Command Create()
    {
        var threshold = NumberOption.Positive("--threshold", "SCORE", "Parts with a hybrid score above it are rejected; in place of what the bank promises [default: the bank's]");
        var lambda = NumberOption.NotNegative("--lambda", "VALUE", "With --threshold: weight of the structure in the hybrid score [default: the bank's]");
        var unknown = NumberOption.ShareOrNone("--unknown", "SHARE", "Share of good parts that may be refused as an unknown product, 0 up to 1; 0: none is [default: the bank's]");
        var document = new CalibrationOptions();
        var command = new Command("calibrate", """
            Sign another threshold, or another limit for unknown products, for a bank version; a station that decides with it takes it without a new bank.

            Examples:
              structcore bank calibrate banks/cap-v2.scbank --threshold 1.35 --number 1 --key keys/line.key.pem --out cap-calibration.json
              structcore bank calibrate banks/cap-v2.scbank --unknown 0.001 --number 2 --key keys/line.key.pem --out cap-calibration.json
            """) { threshold, lambda, unknown };
        document.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(threshold) is null && (result.GetResult(lambda) is not null || result.GetResult(unknown) is null))
            {
                result.AddError("bank calibrate takes --threshold, --unknown or both; --lambda changes every score and takes a --threshold for them.");
            }
        });
        command.SetAction(parsed =>
        {
            var bank = document.Bank(parsed);
            var calibration = bank.Calibration;
            if (parsed.GetResult(threshold) is not null)
            {
                calibration = calibration with { Threshold = parsed.GetValue(threshold), Lambda = parsed.GetValue(lambda) ?? calibration.Lambda, FalseReject = null };
            }

            if (parsed.GetValue(unknown) is { } share)
            {
                if (share > 0 && calibration.Normal is not { Count: > 0 })
                {
                    throw new CommandFailedException($"--unknown {share} cannot be kept: '{bank.Manifest.Id}' keeps no normal scores to set a limit by. Recalibrate it with 'structcore recalibrate --replace', or fit it again.");
                }

                calibration = calibration with { UnknownShare = share > 0 ? share : null };
                parsed.InvocationConfiguration.Output.WriteLine(Promise.DescribeUnknown(bank.With(calibration)));
            }

            document.Write(parsed, bank.Manifest, calibration);
            return CommandLineRunner.Done;
        });
        return command;
    }
}
