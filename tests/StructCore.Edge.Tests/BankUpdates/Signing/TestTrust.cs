using StructCore.Edge.BankUpdates.Signing;

namespace StructCore.Tests.BankUpdates.Signing;

/// <summary>Trust documents for tests: a day after <see cref="Start"/> everything is in its time.</summary>
internal static class TestTrust
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly DateTimeOffset Now = Start.AddDays(1);

    /// <summary>A trust document that expires after a year, with keys that are valid for two.</summary>
    public static TrustDocument Document(int version, IReadOnlyList<SigningKey> trust, IReadOnlyList<SigningKey> bank, int trustThreshold = 1, int bankThreshold = 1) => new()
    {
        Version = version,
        Created = Start,
        Expires = Start.AddDays(365),
        Keys = [.. trust.Concat(bank).DistinctBy(k => k.Id).Select(k => new TrustedKey(k.Id, k.PublicKey.Bytes, Start, Start.AddDays(730)))],
        Revoked = [],
        Trust = new RoleKeys(trustThreshold, [.. trust.Select(k => k.Id)]),
        Bank = new RoleKeys(bankThreshold, [.. bank.Select(k => k.Id)]),
    };

    /// <summary>The first trust document: one key for trust, one for banks.</summary>
    public static Trust Open(SigningKey trust, SigningKey bank) => Trust.Open(SignedDocument.Sign(Document(1, [trust], [bank]), trust));
}
