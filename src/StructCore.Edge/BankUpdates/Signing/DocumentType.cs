namespace StructCore.Edge.BankUpdates.Signing;

/// <summary>What a signed document is: its <c>type</c>, so that none can be passed off as another.</summary>
internal enum DocumentType
{
    /// <summary><see cref="TrustDocument"/>: the keys a station trusts.</summary>
    Trust,

    /// <summary>A bank version that may be activated.</summary>
    Bank,

    /// <summary>Another calibration for a bank version.</summary>
    Calibration,

    /// <summary>Leave to activate a version that anti-rollback would refuse.</summary>
    Override,
}
