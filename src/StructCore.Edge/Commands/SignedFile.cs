using StructCore.Edge.BankUpdates.Signing;
using StructCore.Vision.Features;

namespace StructCore.Edge.Commands;

/// <summary>Files of signed documents.</summary>
internal static class SignedFile
{
    public static void Write(string path, byte[] json, bool overwrite = true) => AtomicFile.Write(path, file => file.Write(json), overwrite);

    /// <exception cref="CommandFailedException">The file cannot be read.</exception>
    public static IReadOnlyList<SignedDocument> ReadChain(string path)
    {
        try
        {
            return new FileInfo(path).Length <= TrustChain.MaxBytes
                ? TrustChain.Parse(File.ReadAllBytes(path))
                : throw new IOException($"it has more than {TrustChain.MaxBytes} bytes.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"Trust file '{path}' cannot be read: {e.Message} 'structcore trust create' makes one.", e);
        }
    }
}
