using System.CommandLine;
using StructCore.Edge.BankUpdates.Signing;

namespace StructCore.Edge.Commands;

/// <summary><c>trust update</c>: the next trust document.</summary>
internal static class TrustUpdateCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The trust file; the new document is added to it" };
        var addTrust = Keys("--add-trust-key", "FILE", "Public key to add to the trust role, or whose validity begins anew");
        var addBank = Keys("--add-bank-key", "FILE", "Public key to add to the bank role, or whose validity begins anew");
        var remove = Keys("--remove", "ID", "Key that is not needed any more");
        var revoke = Keys("--revoke", "ID", "Key that must never count again");
        var trustThreshold = new Option<int?>("--trust-threshold") { HelpName = "N", Description = "Signatures the trust role needs [default: as before]" };
        var bankThreshold = new Option<int?>("--bank-threshold") { HelpName = "N", Description = "Signatures the bank role needs [default: as before]" };
        var (expires, validity) = (TrustCommand.Expires(), TrustCommand.KeyValidity());
        var signing = new SigningOptions();
        var command = new Command("update", """
            Make the next trust document: add, remove or revoke keys, or only give it more time. It is signed by enough keys of the present trust role and of the
            new one. Publish the file afterwards: stations take it by themselves.

            Example:
              structcore trust update trust.json --revoke 0123… --add-bank-key keys/new.pub.pem --key keys/root.key.pem
            """) { file, addTrust, addBank, remove, revoke, trustThreshold, bankThreshold, expires, validity };
        signing.AddTo(command);
        command.SetAction(parsed =>
        {
            var (path, now) = (parsed.GetRequiredValue(file), TimeProvider.System.GetUtcNow());
            var chain = SignedFile.ReadChain(path);
            var present = TrustChain.Open(chain);
            var gone = (parsed.GetValue(remove) ?? []).Concat(parsed.GetValue(revoke) ?? []).ToHashSet();
            if ((parsed.GetValue(remove) ?? []).Except(present.Content.Keys.Select(k => k.Id)).FirstOrDefault() is { } unknown)
            {
                throw new CommandFailedException($"Trust document {present.Version} has no key '{unknown}' to remove. It has {string.Join(", ", present.Content.Keys.Select(k => k.Id))}.");
            }

            var (trustKeys, bankKeys) = (Load(parsed.GetValue(addTrust)), Load(parsed.GetValue(addBank)));
            var added = trustKeys.Concat(bankKeys).DistinctBy(k => k.Id).Select(k => new TrustedKey(k.Id, k.Bytes, now, now + validity.Read(parsed))).ToArray();
            var next = present.Content with
            {
                Version = present.Version + 1,
                Created = now,
                Expires = now + expires.Read(parsed),
                Keys = [.. added.Concat(present.Content.Keys).DistinctBy(k => k.Id).Where(k => !gone.Contains(k.Id))],
                Revoked = [.. present.Content.Revoked.Union(parsed.GetValue(revoke) ?? [])],
                Trust = Next(present.Content.Trust, trustKeys, gone, parsed.GetValue(trustThreshold)),
                Bank = Next(present.Content.Bank, bankKeys, gone, parsed.GetValue(bankThreshold)),
            };
            var trust = present.Advance(signing.Use(parsed, keys => SignedDocument.Sign(next, keys)));
            SignedFile.Write(path, TrustChain.ToJson([.. chain, trust.Document]));
            TrustInspectCommand.Write(trust, now, parsed.InvocationConfiguration.Output);
            return CommandLineRunner.Done;
        });
        return command;
    }

    private static Option<string[]> Keys(string name, string unit, string description) => new(name) { HelpName = unit, Description = description, AllowMultipleArgumentsPerToken = true };

    private static PublicKey[] Load(string[]? files) => [.. (files ?? []).Select(PublicKey.Load)];

    private static RoleKeys Next(RoleKeys role, PublicKey[] added, HashSet<string> gone, int? threshold) =>
        new(threshold ?? role.Threshold, [.. role.KeyIds.Union(added.Select(k => k.Id)).Where(id => !gone.Contains(id))]);
}
