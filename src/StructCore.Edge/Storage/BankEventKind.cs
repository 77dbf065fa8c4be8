namespace StructCore.Edge.Storage;

/// <summary>What happened to a station's banks. The numbers are stored and never change.</summary>
public enum BankEventKind
{
    /// <summary>An update was not taken.</summary>
    Refused = 1,

    /// <summary>A bank version began to decide, on probation.</summary>
    Activated = 2,

    /// <summary>Its probation ended well.</summary>
    Confirmed = 3,

    /// <summary>It was swapped back for what it did; it does not come back by itself.</summary>
    Withdrawn = 4,

    /// <summary>Swapped back by hand.</summary>
    RolledBack = 5,

    /// <summary>A calibration document began to count.</summary>
    Calibrated = 6,

    /// <summary>A trust document began to count.</summary>
    TrustChanged = 7,

    /// <summary>A signed override was used.</summary>
    Overridden = 8,

    /// <summary>The active bank's file could not be used at the start: the previous one decides.</summary>
    Recovered = 9,

    /// <summary>An image that a person confirmed as good joined the active bank: its next edition decides.</summary>
    Taught = 10,

    /// <summary>Such an image was taken out of it again.</summary>
    Untaught = 11,
}
