namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>What a message about banks asks for, in the order in which they are taken.</summary>
internal enum UpdateKind
{
    /// <summary>A chain of trust documents.</summary>
    Trust,

    /// <summary>Another calibration for the active bank.</summary>
    Calibration,

    /// <summary>A bank version.</summary>
    Bank,
}
