using System.CommandLine;
using StructCore.Edge.BankUpdates.Signing;

namespace StructCore.Edge.Commands;

/// <summary><c>keys</c>: makes and shows the keys that sign.</summary>
internal static class KeysCommand
{
    public static Command Create() => new("keys", "Make and show the keys that sign bank updates.") { CreateCreate(), CreateShow() };

    private static Command CreateCreate()
    {
        var name = new Option<string>("--out") { HelpName = "NAME", Description = $"Where the key goes: NAME{KeyFile.PrivateExtension} and NAME{KeyFile.PublicExtension}", Required = true };
        var password = SigningOptions.PasswordOption();
        var command = new Command("create", """
            Make an ECDSA P-256 key. The private file stays with who signs, best offline and encrypted; the public one goes into a trust document.

            Example:
              structcore keys create --out keys/line --password-file secret.txt
            """) { name, password };
        command.SetAction(parsed =>
        {
            var (file, output) = (parsed.GetRequiredValue(name), parsed.InvocationConfiguration.Output);
            var secret = SigningOptions.Password(parsed.GetValue(password));
            using var key = SigningKey.Create();
            key.Save(file + KeyFile.PrivateExtension, secret);
            KeyFile.Write(file + KeyFile.PublicExtension, key.PublicKey.ToPem(), secret: false);
            output.WriteLine($"Wrote {file + KeyFile.PrivateExtension} ({(secret is null ? "not encrypted: guard it" : "encrypted")}) and {file + KeyFile.PublicExtension}");
            output.WriteLine($"  id {key.Id}");
            return CommandLineRunner.Done;
        });
        return command;
    }

    private static Command CreateShow()
    {
        var file = new Argument<string>("FILE") { Description = "A public or private key file" };
        var password = SigningOptions.PasswordOption();
        var command = new Command("show", """
            Tell a key's id, and its public key.

            Example:
              structcore keys show keys/line.pub.pem
            """) { file, password };
        command.SetAction(parsed =>
        {
            var (path, output) = (parsed.GetRequiredValue(file), parsed.InvocationConfiguration.Output);
            var key = Load(path, SigningOptions.Password(parsed.GetValue(password)));
            output.WriteLine($"{path}: P-256, id {key.Id}");
            output.Write(key.ToPem());
            return CommandLineRunner.Done;
        });
        return command;
    }

    private static PublicKey Load(string path, string? password)
    {
        if (PublicKey.IsIn(path))
        {
            return PublicKey.Load(path);
        }

        using var key = SigningKey.Load(path, password);
        return key.PublicKey;
    }
}
