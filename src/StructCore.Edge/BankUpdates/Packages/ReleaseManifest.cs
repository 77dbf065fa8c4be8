using StructCore.Edge.BankUpdates.Signing;
using StructCore.Vision.Fitting;

namespace StructCore.Edge.BankUpdates.Packages;

/// <summary>Payload of type <c>bank</c>: a version of a bank, everything it consists of, and what a station must find before it decides with it.</summary>
internal sealed record ReleaseManifest
{
    // What a reader of zips without extensions, and an array, can hold.
    private const long LargestFile = int.MaxValue;
    private const string Subject = "the release";

    public DocumentType Type { get; init; } = DocumentType.Bank;

    /// <summary><c>CATEGORY-vVERSION</c>.</summary>
    public required string Id { get; init; }

    public required string Category { get; init; }

    public required int Version { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>Not to be activated after it; an active bank goes on.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>Oldest agent that may use it, <c>1.2.0</c>.</summary>
    public required string MinimumAgent { get; init; }

    public required ReleaseBackbone Backbone { get; init; }

    /// <summary>Every entry of the package but the release itself and its signatures.</summary>
    public required IReadOnlyList<ReleaseFile> Files { get; init; }

    public required ParitySet Parity { get; init; }

    /// <summary>Reads the payload and checks all but signatures and time.</summary>
    /// <exception cref="UpdateRefusedException">Not a release, or a value out of range.</exception>
    public static ReleaseManifest Read(SignedDocument document)
    {
        var release = document.Read<ReleaseManifest>(DocumentType.Bank);
        DocumentJson.Require(release.Version > 0 && CategoryName.IsValid(release.Category) && release.Id == $"{release.Category}-v{release.Version}", Subject, $"its id is '{release.Id}', expected '{release.Category}-v{release.Version}'.");
        DocumentJson.Require(release.Expires > release.Created, Subject, "it expires before it was created.");
        DocumentJson.Require(System.Version.TryParse(release.MinimumAgent, out var agent) && agent is { Build: >= 0, Revision: < 0 }, Subject, $"its minimum agent is '{release.MinimumAgent}', expected a version like 1.2.0.");
        release.Backbone.Require(Subject);
        release.Parity.Require(Subject);
        release.RequireFiles();
        return release;
    }

    /// <exception cref="UpdateRefusedException">Past its time, or not begun.</exception>
    public void RequireInTime(DateTimeOffset now) => Validity.Require($"the release of '{Id}'", Created, Expires, now);

    private void RequireFiles()
    {
        DocumentJson.Require(
            Files.Count == BankPackage.SignedEntries.Count && BankPackage.SignedEntries.All(name => Files.Any(f => f?.Name == name)), Subject,
            $"its files are exactly {string.Join(", ", BankPackage.SignedEntries)}.");
        DocumentJson.Require(Files.All(f => f.Bytes is > 0 and <= LargestFile && DocumentJson.IsSha256(f.Sha256)), Subject, $"every file has 1 to {LargestFile} bytes and a SHA-256 of 64 lower-case hex digits.");
        var parity = Files.Single(f => f.Name == BankPackage.ParityEntry);
        DocumentJson.Require(parity.Bytes == Parity.Bytes, Subject, $"'{parity.Name}' has {parity.Bytes} bytes, {Parity.Cases.Count} images of {Parity.Side} x {Parity.Side} have {Parity.Bytes}.");
    }
}
