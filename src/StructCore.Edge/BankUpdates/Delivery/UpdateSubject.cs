namespace StructCore.Edge.BankUpdates.Delivery;

/// <summary>What an update is about: a bank version, or a calibration of one.</summary>
internal readonly record struct UpdateSubject(string Category, int Version, int? Calibration = null);
