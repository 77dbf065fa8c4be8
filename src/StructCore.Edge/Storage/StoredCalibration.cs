namespace StructCore.Edge.Storage;

/// <summary>The calibration a bank version decides with, recorded when the bank becomes active.</summary>
public sealed record StoredCalibration(string Category, int BankVersion, string BankSha256, string Document, DateTimeOffset ActiveSince);
