namespace StructCore.Edge.Drift;

/// <summary>Whether accepted parts still look like the calibration images.</summary>
internal enum DriftState
{
    /// <summary>Nothing speaks against it, or too few parts came yet.</summary>
    None,

    /// <summary>They differ by more than chance: lamp, lens, focus, or the product itself.</summary>
    Suspected,
}
