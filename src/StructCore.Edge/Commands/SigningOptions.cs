using System.CommandLine;
using StructCore.Edge.BankUpdates;
using StructCore.Edge.BankUpdates.Signing;
using StructCore.Edge.Configuration;

namespace StructCore.Edge.Commands;

/// <summary>The private keys a verb signs with.</summary>
internal sealed class SigningOptions
{
    private readonly Option<string[]> _keys = new("--key") { HelpName = "FILE", Description = $"Private key to sign with, NAME{KeyFile.PrivateExtension}; several where the trust document asks for several", Required = true, AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> _password = PasswordOption();

    public static Option<string?> PasswordOption() => new("--password-file") { HelpName = "FILE", Description = "File whose first line is the password of private keys that are encrypted" };

    /// <exception cref="CommandFailedException">There is no password in the file.</exception>
    public static string? Password(string? file) =>
        file is null ? null : SecretFile.Read(file) ?? throw new CommandFailedException($"The password file '{file}' is empty. Write the password as its first line.");

    public void AddTo(Command command)
    {
        command.Options.Add(_keys);
        command.Options.Add(_password);
    }

    /// <summary>Runs <paramref name="sign"/> with the keys, each once.</summary>
    /// <exception cref="SigningKeyException">A key cannot be read.</exception>
    public T Use<T>(ParseResult parsed, Func<IReadOnlyList<SigningKey>, T> sign)
    {
        var password = Password(parsed.GetValue(_password));
        var keys = new List<SigningKey>();
        try
        {
            foreach (var file in parsed.GetRequiredValue(_keys))
            {
                keys.Add(SigningKey.Load(file, password));
            }

            return sign([.. keys.DistinctBy(k => k.Id)]);
        }
        finally
        {
            keys.ForEach(k => k.Dispose());
        }
    }

    /// <summary>Signs a document, reads it as a station would, and writes it to a file.</summary>
    /// <exception cref="UpdateRefusedException">No station would take it.</exception>
    public void Write<T>(ParseResult parsed, T content, Func<SignedDocument, T> read, string path)
    {
        var document = Use(parsed, keys => SignedDocument.Sign(content, keys));
        read(document);
        SignedFile.Write(path, document.ToJson());
        parsed.InvocationConfiguration.Output.WriteLine($"Wrote {path}, signed by {string.Join(" and ", document.Signatures.Select(s => s.KeyId))}");
    }
}
