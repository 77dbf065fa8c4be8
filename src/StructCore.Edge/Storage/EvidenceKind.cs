namespace StructCore.Edge.Storage;

/// <summary>What an evidence file shows.</summary>
public enum EvidenceKind
{
    /// <summary>The frame as it was scored, without loss: what a replay scores again.</summary>
    Frame = 1,

    /// <summary>The frame with the anomaly map over it, for people.</summary>
    Overlay = 2,
}
