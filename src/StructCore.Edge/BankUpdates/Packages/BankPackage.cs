using StructCore.Edge.BankUpdates.Signing;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Edge.BankUpdates.Packages;

/// <summary>Reads signed packages: bank files with a parity set, a release that lists their entries, and its signatures. Nothing in one decides where anything is written.</summary>
internal static class BankPackage
{
    public const string ParityEntry = "parity.u1";
    public const string ReleaseEntry = "release.json";
    public const string SignaturesEntry = "release-signatures.json";

    // Signatures, zip headers and the seal.
    private const int LargestRest = 1 << 16;

    /// <summary>The entries a release lists.</summary>
    public static IReadOnlyList<string> SignedEntries { get; } = [.. BankFile.EntryNames, ParityEntry];

    /// <summary>Bytes a package of this release may have at most.</summary>
    public static long Limit(ReleaseManifest manifest, SignedDocument release) => manifest.Files.Sum(f => f.Bytes) + release.Payload.Length + LargestRest;

    /// <summary>Reads the release in a package. Neither its signatures nor the package's other entries have been verified.</summary>
    /// <exception cref="UpdateRefusedException">The file is no bank file, or not signed.</exception>
    public static SignedDocument ReadRelease(string path) => Use(path, file => ReadRelease(new StoredEntries(file, path), path));

    /// <summary>Verifies that a package holds what was signed, whatever its file is called, and reads it.</summary>
    /// <param name="path">The file; nobody writes to it any more.</param>
    /// <param name="release">What its entries are compared with. The caller has verified its signatures.</param>
    /// <exception cref="UpdateRefusedException">It does not.</exception>
    public static SignedPackage Open(string path, SignedDocument release)
    {
        var manifest = ReleaseManifest.Read(release);
        var parity = Use(path, file => Verify(file, path, manifest, release));
        return new SignedPackage(manifest, ReadBank(path, manifest), Images(parity, manifest.Parity));
    }

    /// <returns>The parity images, one behind the other.</returns>
    private static byte[] Verify(FileStream file, string path, ReleaseManifest manifest, SignedDocument release)
    {
        if (file.Length > Limit(manifest, release))
        {
            throw new UpdateRefusedException(UpdateRefusal.TooLarge, $"package '{path}' has {file.Length} bytes, its release allows at most {Limit(manifest, release)}. Copy it again.");
        }

        var entries = new StoredEntries(file, path);
        string[] expected = [.. SignedEntries, ReleaseEntry, SignaturesEntry];
        var other = entries.Names.Except(expected, StringComparer.Ordinal).ToArray();
        entries.Require(other.Length == 0, $"it holds '{string.Join("', '", other)}' besides");
        var missing = expected.Except(entries.Names, StringComparer.Ordinal).ToArray();
        entries.Require(missing.Length == 0, $"it lacks '{string.Join("', '", missing)}'");
        var own = ReadRelease(entries, path);
        entries.Require(own.Payload.AsSpan().SequenceEqual(release.Payload), $"its '{ReleaseEntry}' is another release");

        // So that a file on the shelf stands for itself as the message did that brought it.
        entries.Require(own.ToJson().AsSpan().SequenceEqual(release.ToJson()), $"its '{SignaturesEntry}' holds other signatures than those that were verified");
        foreach (var signed in manifest.Files)
        {
            entries.Require(entries.Length(signed.Name) == signed.Bytes, $"'{signed.Name}' has {entries.Length(signed.Name)} bytes, {signed.Bytes} were signed");
            entries.Require(entries.Digest(signed.Name) == signed.Sha256, $"the SHA-256 of '{signed.Name}' is not the one that was signed, {signed.Sha256}");
        }

        return entries.Bytes(ParityEntry, manifest.Parity.Bytes);
    }

    private static SignedDocument ReadRelease(StoredEntries entries, string path)
    {
        if (!entries.Names.Contains(ReleaseEntry))
        {
            throw new UpdateRefusedException(UpdateRefusal.Malformed, $"bank file '{path}' is not signed. Sign it: structcore bank sign.");
        }

        var signatures = DocumentJson.Parse<DocumentSignature[]>(entries.Bytes(SignaturesEntry, LargestRest), $"'{SignaturesEntry}' of package '{path}'", LargestRest);
        var release = new SignedDocument(entries.Bytes(ReleaseEntry, SignedDocument.MaxPayloadBytes), signatures);
        release.Require($"the release of package '{path}'");
        return release;
    }

    private static ProductBank ReadBank(string path, ReleaseManifest manifest)
    {
        try
        {
            var bank = BankFile.Read(path, manifest.Id);
            DocumentJson.Require(
                bank.Manifest.Backbone == manifest.Backbone.Name && bank.Manifest.BackboneSha256 == manifest.Backbone.Sha256,
                $"the release of '{manifest.Id}'", $"it names backbone '{manifest.Backbone.Name}', its bank was fitted with '{bank.Manifest.Backbone}'.");
            return bank;
        }
        catch (InvalidBankException e)
        {
            throw new UpdateRefusedException(UpdateRefusal.Damaged, e.Message, e);
        }
    }

    private static RgbImage[] Images(byte[] pixels, ParitySet parity)
    {
        var size = (int)(parity.Bytes / parity.Cases.Count);
        return [.. Enumerable.Range(0, parity.Cases.Count).Select(i => new RgbImage(parity.Side, parity.Side, pixels[(i * size)..((i + 1) * size)]))];
    }

    private static T Use<T>(string path, Func<FileStream, T> read)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            return read(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UpdateRefusedException(UpdateRefusal.NotAvailable, $"package '{path}' cannot be read: {e.Message}", e);
        }
    }
}
