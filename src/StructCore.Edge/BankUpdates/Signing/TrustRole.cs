namespace StructCore.Edge.BankUpdates.Signing;

/// <summary>What keys are trusted for.</summary>
internal enum TrustRole
{
    /// <summary>The next trust document, and overrides; kept offline.</summary>
    Trust,

    /// <summary>Banks and calibrations.</summary>
    Bank,
}
