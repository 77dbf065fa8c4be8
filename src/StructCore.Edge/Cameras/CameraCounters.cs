namespace StructCore.Edge.Cameras;

/// <summary>What a camera has delivered since the agent started, and what of it was of no use.</summary>
/// <param name="Frames">Complete frames handed out by the driver.</param>
/// <param name="IncompleteBuffers">Frames of which a part was lost on the way; never handed out.</param>
/// <param name="LostPackets">Network packets that never came, also those of frames saved by asking again; an upper bound, 0 where the transport has none.</param>
public readonly record struct CameraCounters(long Frames, long IncompleteBuffers, long LostPackets)
{
    /// <summary>Frames captured before their trigger.</summary>
    public long Stale { get; init; }

    /// <summary>Frames that were the one before once more.</summary>
    public long Frozen { get; init; }

    /// <summary>Frames without light.</summary>
    public long Black { get; init; }

    /// <summary>How often the camera came back after it had failed.</summary>
    public long Reconnects { get; init; }
}
