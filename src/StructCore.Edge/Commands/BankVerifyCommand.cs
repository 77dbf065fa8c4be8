using System.CommandLine;
using StructCore.Edge.BankUpdates.Packages;
using StructCore.Edge.BankUpdates.Signing;

namespace StructCore.Edge.Commands;

/// <summary><c>bank verify</c>: whether stations with a trust file would take a package.</summary>
internal static class BankVerifyCommand
{
    public static Command Create()
    {
        var package = new Argument<string>("PACKAGE") { Description = "Signed package, CATEGORY-vN.scbank" };
        var trust = new Option<string>("--trust") { HelpName = "FILE", Description = "Trust file", Required = true };
        var command = new Command("verify", """
            Verify signatures, time and every byte of a package, as a station does before it scores the parity set. Exit code 1 and the reason where it would be refused.

            Example:
              structcore bank verify packages/cap-v2.scbank --trust trust.json
            """) { package, trust };
        command.SetAction(parsed =>
        {
            var (path, now) = (parsed.GetRequiredValue(package), TimeProvider.System.GetUtcNow());
            var release = BankPackage.ReadRelease(path);
            var trusted = TrustChain.Open(SignedFile.ReadChain(parsed.GetRequiredValue(trust)));
            var signers = trusted.Verify(release, TrustRole.Bank, now);
            ReleaseManifest.Read(release).RequireInTime(now);
            var manifest = BankPackage.Open(path, release).Manifest;
            parsed.InvocationConfiguration.Output.WriteLine($"{path}: '{manifest.Id}' is whole, signed by {string.Join(" and ", signers)} as trust document {trusted.Version} asks, to be used until {Validity.Text(manifest.Expires)}");
            return CommandLineRunner.Done;
        });
        return command;
    }
}
