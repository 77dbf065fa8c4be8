namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>The bank that decides.</summary>
/// <param name="Since">When it became that; absent where it never came by an update.</param>
/// <param name="Calibration">Number of the calibration document in place of its own; absent: none is.</param>
internal sealed record ActiveBank(string Id, int Version, string Sha256, float Threshold, DateTimeOffset? Since, int? Calibration);
