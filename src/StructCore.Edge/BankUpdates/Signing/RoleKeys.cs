namespace StructCore.Edge.BankUpdates.Signing;

/// <summary>Who holds a role.</summary>
/// <param name="Threshold">Signatures of different keys that are needed, 1 or more.</param>
internal sealed record RoleKeys(int Threshold, IReadOnlyList<string> KeyIds);
