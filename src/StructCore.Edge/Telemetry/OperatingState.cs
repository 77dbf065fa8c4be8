namespace StructCore.Edge.Telemetry;

/// <summary>States of a station, after OPC 40100.</summary>
internal enum OperatingState
{
    /// <summary>No agent.</summary>
    Offline,

    /// <summary>Starting or stopping: no trigger is taken.</summary>
    Preoperational,

    /// <summary>Warm, but the broker is not there, or what it had kept is not through yet.</summary>
    Initialized,

    Ready,

    /// <summary>An inspection is running; further triggers queue.</summary>
    Executing,

    /// <summary>A fault stands.</summary>
    Error,
}
