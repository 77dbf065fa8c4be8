namespace StructCore.Edge;

/// <summary>The moments of an inspection at which <see cref="KillPoint"/> can end the process, in order.</summary>
internal enum KillStage
{
    /// <summary>A trigger is there, nothing is stored.</summary>
    Received,

    /// <summary>The trigger is stored, nobody was told.</summary>
    Accepted,

    /// <summary>The frame is there.</summary>
    Grabbed,

    /// <summary>The score is there.</summary>
    Scored,

    /// <summary>The verdict is decided, not stored.</summary>
    Decided,

    /// <summary>Verdict and outbox row are stored, not published.</summary>
    Stored,

    /// <summary>The verdict is with the broker, which is not noted.</summary>
    Published,

    /// <summary>The result is with the broker, the outbox still holds it.</summary>
    ResultPublished,
}
