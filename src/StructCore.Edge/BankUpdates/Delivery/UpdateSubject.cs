namespace StructCore.Edge.BankUpdates.Delivery;

/// <summary>What an update is about: a bank version, a calibration of one, or trust.</summary>
internal readonly record struct UpdateSubject(string Category, int Version, int? Calibration = null)
{
    /// <summary>Of every category; a chain that is refused has no version.</summary>
    public static UpdateSubject Trust { get; } = new("", 0);
}
