using System.CommandLine;
using System.Text;
using StructCore.Edge.BankUpdates.Signing;

namespace StructCore.Edge.Commands;

/// <summary><c>trust inspect</c>: what the newest document of a trust file says.</summary>
internal static class TrustInspectCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The trust file" };
        var json = new Option<bool>("--json") { Description = "Print the newest document as it was signed" };
        var command = new Command("inspect", """
            Verify a trust file from its first document to its newest, and tell which keys that one trusts.

            Example:
              structcore trust inspect trust.json
            """) { file, json };
        command.SetAction(parsed =>
        {
            var (trust, output) = (TrustChain.Open(SignedFile.ReadChain(parsed.GetRequiredValue(file))), parsed.InvocationConfiguration.Output);
            if (parsed.GetValue(json))
            {
                output.WriteLine(Encoding.UTF8.GetString(trust.Document.Payload));
            }
            else
            {
                Write(trust, TimeProvider.System.GetUtcNow(), output);
            }

            return CommandLineRunner.Done;
        });
        return command;
    }

    public static void Write(Trust trust, DateTimeOffset now, TextWriter output)
    {
        var content = trust.Content;
        var table = ResultTable.Create(0, "key", "roles", "from", "until", "");
        foreach (var key in content.Keys)
        {
            var roles = Enum.GetValues<TrustRole>().Where(r => content.Holders(r).KeyIds.Contains(key.Id)).Select(r => r.ToString().ToLowerInvariant());
            table.Add(key.Id, string.Join(", ", roles), Validity.Text(key.ValidFrom), Validity.Text(key.ValidUntil), StateOf(key, content, now));
        }

        foreach (var id in content.Revoked.Except(content.Keys.Select(k => k.Id)))
        {
            table.Add(id, "", "", "", "revoked");
        }

        var expired = now > content.Expires ? "EXPIRED" : "expires";
        ResultTable.Write($"Trust document {trust.Version}, {expired} {Validity.Text(content.Expires)}; a trust document needs {content.Trust.Threshold} of {content.Trust.KeyIds.Count} signatures, a bank {content.Bank.Threshold} of {content.Bank.KeyIds.Count}", table, output);
    }

    private static string StateOf(TrustedKey key, TrustDocument content, DateTimeOffset now) =>
        content.Revoked.Contains(key.Id) ? "revoked" : now < key.ValidFrom ? "not valid yet" : now > key.ValidUntil ? "expired" : "valid";
}
