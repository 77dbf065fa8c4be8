namespace StructCore.Edge.BankUpdates;

/// <summary>Why an update was not taken, or was taken back. Its snake-case name is the code on <c>update/state</c> and in the history.</summary>
internal enum UpdateRefusal
{
    /// <summary>Not a document as it should be: no JSON, a missing field, another type, a value out of range.</summary>
    Malformed,

    /// <summary>Signed by no key that is trusted for this.</summary>
    WrongKey,

    /// <summary>A signature of a trusted key that does not fit the bytes.</summary>
    BadSignature,

    /// <summary>Good signatures, but fewer than the role asks for.</summary>
    TooFewSignatures,

    /// <summary>Signed by a key that was revoked.</summary>
    RevokedKey,

    /// <summary>The document, or the key that signed it, is not valid yet or not any more.</summary>
    Expired,

    /// <summary>The trust of this station is past its time; a newer trust document is needed first.</summary>
    TrustExpired,

    /// <summary>A trust document that does not follow the one this station has.</summary>
    TrustOutOfOrder,

    /// <summary>A version below the highest seen.</summary>
    Downgrade,

    /// <summary>This very version was taken back here before.</summary>
    Withdrawn,

    /// <summary>Made out for another category than its topic says.</summary>
    WrongCategory,

    /// <summary>The station is configured for other categories.</summary>
    CategoryNotConfigured,

    /// <summary>Needs a newer agent.</summary>
    AgentTooOld,

    /// <summary>A calibration of another bank than the active one.</summary>
    WrongBank,

    /// <summary>Larger than this station takes, or than its manifest says.</summary>
    TooLarge,

    /// <summary>No room for it.</summary>
    DiskFull,

    /// <summary>The package cannot be had; the same request may succeed later.</summary>
    NotAvailable,

    /// <summary>Bytes that are not those which were signed: truncated, flipped, another file, more files than listed.</summary>
    Damaged,

    /// <summary>Fitted with another backbone, or for other preprocessing or fusing than the loaded one does.</summary>
    WrongBackbone,

    /// <summary>Cannot serve beside the other banks of the station.</summary>
    DoesNotFit,

    /// <summary>Needs more memory than there is.</summary>
    TooMuchMemory,

    /// <summary>Too slow on this machine for the station's deadline.</summary>
    TooSlow,

    /// <summary>Scores its parity set differently on this machine.</summary>
    ParityFailed,

    /// <summary>Judged too many parts differently in the shadow of the active bank.</summary>
    ShadowShift,

    /// <summary>Rejected too many parts once it decided.</summary>
    GuardShift,

    /// <summary>Took too long once it decided.</summary>
    GuardLatency,

    /// <summary>The agent did not come through its first inspections with it, several times.</summary>
    CrashLoop,
}
