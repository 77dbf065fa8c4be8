using System.Security.Cryptography;
using StructCore.Edge.BankUpdates.Signing;
using StructCore.Vision.Fitting;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Edge.BankUpdates.Packages;

/// <summary>Makes a signed package out of a bank file.</summary>
internal static class PackageWriter
{
    /// <summary>Writes the package under the bank's name into <paramref name="folder"/>, in full or not at all; the bank's own entries stay byte for byte.</summary>
    /// <param name="path">A bank file, signed or not.</param>
    /// <param name="folder">Another one than the bank's; made where it does not exist.</param>
    /// <returns>Path of the package.</returns>
    /// <exception cref="InvalidBankException">The bank is missing or damaged.</exception>
    /// <exception cref="UpdateRefusedException">The draft would make no release that a station takes.</exception>
    /// <exception cref="IOException">The package cannot be written.</exception>
    public static string Write(string path, string folder, ReleaseDraft draft, IReadOnlyList<SigningKey> keys)
    {
        var target = Path.Combine(Path.GetFullPath(folder), Path.GetFileName(path));
        ArgumentOutOfRangeException.ThrowIfEqual(target, Path.GetFullPath(path), nameof(folder));
        var bank = BankFile.Read(path).Manifest;
        byte[] parity = [.. draft.ParityImages.SelectMany(i => i.Pixels.ToArray())];
        var release = SignedDocument.Sign(
            new ReleaseManifest
            {
                Id = bank.Id,
                Category = bank.Category,
                Version = bank.Version,
                Created = draft.Created,
                Expires = draft.Expires,
                MinimumAgent = draft.MinimumAgent,
                Backbone = draft.Backbone,
                Files = [.. BankFiles(path), new ReleaseFile(BankPackage.ParityEntry, parity.Length, Convert.ToHexStringLower(SHA256.HashData(parity)))],
                Parity = draft.Parity,
            },
            keys);
        ReleaseManifest.Read(release);
        BankFile.WriteWith(path, target, [(BankPackage.ParityEntry, parity), (BankPackage.ReleaseEntry, release.Payload), (BankPackage.SignaturesEntry, DocumentJson.Write(release.Signatures))]);
        return target;
    }

    private static ReleaseFile[] BankFiles(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var entries = new StoredEntries(file, path);
        return [.. BankFile.EntryNames.Select(name => new ReleaseFile(name, entries.Length(name), entries.Digest(name)))];
    }
}
