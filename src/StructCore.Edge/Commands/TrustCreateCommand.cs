using System.CommandLine;
using StructCore.Edge.BankUpdates.Signing;

namespace StructCore.Edge.Commands;

/// <summary><c>trust create</c>: the first trust document.</summary>
internal static class TrustCreateCommand
{
    public static Command Create()
    {
        var target = new Option<string>("--out") { HelpName = "FILE", Description = "The trust file to write; stations name it as Updates:TrustFile", Required = true };
        var trust = Keys("--trust-key", "Public key that may sign the next trust document, and overrides");
        var bank = Keys("--bank-key", "Public key that may sign banks and calibrations");
        var trustThreshold = Threshold("--trust-threshold", "trust");
        var bankThreshold = Threshold("--bank-threshold", "bank");
        var (expires, validity) = (TrustCommand.Expires(), TrustCommand.KeyValidity());
        var signing = new SigningOptions();
        var command = new Command("create", """
            Make the first trust document, which goes to every station by hand. Later ones follow by themselves: structcore trust update.

            Example:
              structcore trust create --trust-key keys/root.pub.pem --bank-key keys/line.pub.pem --key keys/root.key.pem --out trust.json
            """) { target, trust, bank, trustThreshold, bankThreshold, expires, validity };
        signing.AddTo(command);
        command.SetAction(parsed =>
        {
            var now = TimeProvider.System.GetUtcNow();
            var until = now + validity.Read(parsed);
            var (trustKeys, bankKeys) = (Load(parsed.GetRequiredValue(trust)), Load(parsed.GetRequiredValue(bank)));
            var document = new TrustDocument
            {
                Version = 1,
                Created = now,
                Expires = now + expires.Read(parsed),
                Keys = [.. trustKeys.Concat(bankKeys).DistinctBy(k => k.Id).Select(k => new TrustedKey(k.Id, k.Bytes, now, until))],
                Revoked = [],
                Trust = new RoleKeys(parsed.GetValue(trustThreshold), [.. trustKeys.Select(k => k.Id)]),
                Bank = new RoleKeys(parsed.GetValue(bankThreshold), [.. bankKeys.Select(k => k.Id)]),
            };
            var first = Trust.Open(signing.Use(parsed, keys => SignedDocument.Sign(document, keys)));
            SignedFile.Write(parsed.GetRequiredValue(target), TrustChain.ToJson([first.Document]), overwrite: false);
            TrustInspectCommand.Write(first, now, parsed.InvocationConfiguration.Output);
            return CommandLineRunner.Done;
        });
        return command;
    }

    private static Option<string[]> Keys(string name, string description) => new(name) { HelpName = "FILE", Description = description, Required = true, AllowMultipleArgumentsPerToken = true };

    private static Option<int> Threshold(string name, string role) => new(name) { HelpName = "N", Description = $"Signatures of different keys that the {role} role needs", DefaultValueFactory = _ => 1 };

    private static PublicKey[] Load(string[] files) => [.. files.Select(PublicKey.Load).DistinctBy(k => k.Id)];
}
