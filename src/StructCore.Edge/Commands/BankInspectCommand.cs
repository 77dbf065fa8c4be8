using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using StructCore.Edge.BankUpdates.Packages;
using StructCore.Edge.BankUpdates.Signing;
using StructCore.Vision.Calibration;

namespace StructCore.Edge.Commands;

/// <summary><c>bank inspect</c>: what a package says of itself.</summary>
internal static class BankInspectCommand
{
    public static Command Create()
    {
        var package = new Argument<string>("PACKAGE") { Description = "Signed package, CATEGORY-vN.scbank" };
        var json = new Option<bool>("--json") { Description = "Print the release as JSON" };
        var command = new Command("inspect", """
            Tell what a package holds, who says to have signed it, and whether it is whole. Whether stations trust these keys, 'structcore bank verify' says.

            Example:
              structcore bank inspect packages/cap-v2.scbank
            """) { package, json };
        command.SetAction(parsed =>
        {
            var (path, output) = (parsed.GetRequiredValue(package), parsed.InvocationConfiguration.Output);
            if (parsed.GetValue(json))
            {
                WriteJson(path, output);
            }
            else
            {
                Write(path, output);
            }

            return CommandLineRunner.Done;
        });
        return command;
    }

    public static void Write(string path, TextWriter output)
    {
        var release = BankPackage.ReadRelease(path);
        var package = BankPackage.Open(path, release);
        var (manifest, bank) = (package.Manifest, package.Bank);
        var files = ResultTable.Create(1, "entry", "SHA-256", "bytes");
        foreach (var file in manifest.Files)
        {
            files.Add(file.Name, file.Sha256, file.Bytes.ToString(CultureInfo.InvariantCulture));
        }

        var parity = ResultTable.Create(2, "parity image", "verdict", "score", "threshold");
        for (var i = 0; i < manifest.Parity.Cases.Count; i++)
        {
            var expected = manifest.Parity.Cases[i];
            parity.Add($"{i + 1}", expected.Rejected ? "REJECT" : "ACCEPT", ResultTable.Number(expected.Score), ResultTable.Number(bank.Calibration.Threshold));
        }

        output.WriteLine($"{path}");
        output.WriteLine($"  {manifest.Id}, {bank.Memory.Rows} rows of {bank.Memory.Width}, backbone {manifest.Backbone.Name}, agent {manifest.MinimumAgent} or newer");
        output.WriteLine($"  created {Validity.Text(manifest.Created)}, to be used until {Validity.Text(manifest.Expires)}, signed by {string.Join(" and ", release.Signatures.Select(s => s.KeyId))}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  threshold {bank.Calibration.Threshold:G5}, {ChoiceOption.Name(bank.Calibration.Method)} over {bank.Calibration.Images} images"));
        output.WriteLine($"  {Promise.Describe(bank.Calibration)}");
        output.WriteLine($"  {Promise.DescribeUnknown(bank)}");
        output.WriteLine($"  SHA-256 {package.Sha256}");
        ResultTable.Write("Entries", files, output);
        ResultTable.Write("Parity set", parity, output);
    }

    private static void WriteJson(string path, TextWriter output)
    {
        var release = BankPackage.ReadRelease(path);
        var package = BankPackage.Open(path, release);
        using var payload = JsonDocument.Parse(release.Payload);
        output.Write(JsonOutput.Format(new { Package = PackageFile.Of(path), SignedBy = release.Signatures.Select(s => s.KeyId), Rows = package.Bank.Memory.Rows, Width = package.Bank.Memory.Width, CalibrationImages = package.Bank.Calibration.Images, Promise = FalseRejectPromise.Of(package.Bank.Calibration), Release = payload.RootElement }));
    }
}
