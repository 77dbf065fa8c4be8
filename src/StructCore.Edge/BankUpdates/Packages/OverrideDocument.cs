using StructCore.Edge.BankUpdates.Signing;
using StructCore.Vision.Fitting;

namespace StructCore.Edge.BankUpdates.Packages;

/// <summary>Payload of type <c>override</c>, signed by the trust role: leave to activate one version that anti-rollback, or an earlier withdrawal, would refuse.</summary>
internal sealed record OverrideDocument
{
    public const int LongestReason = 500;

    public static readonly TimeSpan LongestLife = TimeSpan.FromDays(31);

    public DocumentType Type { get; init; } = DocumentType.Override;

    public required string Category { get; init; }

    public required int Version { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>Its last moment; days, not years.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>Who wanted it and why, for the record.</summary>
    public required string Reason { get; init; }

    /// <summary>Reads the payload and checks all but signatures and time.</summary>
    /// <exception cref="UpdateRefusedException">Not an override document, or a value out of range.</exception>
    public static OverrideDocument Read(SignedDocument document)
    {
        const string Subject = "the override document";
        var content = document.Read<OverrideDocument>(DocumentType.Override);
        DocumentJson.Require(CategoryName.IsValid(content.Category), Subject, $"'{content.Category}' cannot name a category.");
        DocumentJson.Require(content.Version > 0, Subject, $"its version is {content.Version}, 1 or more is expected.");
        DocumentJson.Require(content.Expires > content.Created && content.Expires - content.Created <= LongestLife, Subject, $"it must end after it begins and within {LongestLife.TotalDays:F0} days.");
        DocumentJson.Require(DocumentJson.IsText(content.Reason, LongestReason), Subject, $"its reason is a line of 1 to {LongestReason} characters.");
        return content;
    }

    /// <exception cref="UpdateRefusedException">Past its time, or not begun.</exception>
    public void RequireInTime(DateTimeOffset now) => Validity.Require($"the override for '{Category}-v{Version}'", Created, Expires, now);
}
