namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>How far an update is, in its order; the last three are ends.</summary>
internal enum UpdateStage
{
    /// <summary>There is nothing to do.</summary>
    Idle,

    /// <summary>What it needs cannot be had now; it is tried again by itself.</summary>
    Waiting,

    /// <summary>Signatures, time, target, and later every byte of the package.</summary>
    Verifying,

    Downloading,

    /// <summary>The images it was signed with are scored on this machine.</summary>
    Parity,

    /// <summary>Parts are scored by both banks, the active one decides.</summary>
    Shadow,

    /// <summary>It decides and is watched.</summary>
    Guard,

    /// <summary>It decides.</summary>
    Done,

    /// <summary>Not taken.</summary>
    Refused,

    /// <summary>Taken back.</summary>
    Withdrawn,
}
