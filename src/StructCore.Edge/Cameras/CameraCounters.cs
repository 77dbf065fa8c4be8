namespace StructCore.Edge.Cameras;

/// <summary>What a camera has delivered since the agent started.</summary>
/// <param name="Frames">Complete frames handed out.</param>
/// <param name="IncompleteBuffers">Frames of which a part was lost on the way; never handed out.</param>
/// <param name="LostPackets">Network packets that never came, also those of frames saved by asking again; an upper bound, 0 where the transport has none.</param>
public readonly record struct CameraCounters(long Frames, long IncompleteBuffers, long LostPackets);
