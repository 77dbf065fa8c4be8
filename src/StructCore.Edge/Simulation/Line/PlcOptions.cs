namespace StructCore.Edge.Simulation.Line;

/// <summary>What the virtual PLC is told about its station.</summary>
internal sealed record PlcOptions
{
    /// <summary>Topic root of the station with a closing slash: <c>sc/v1/SITE/LINE/STATION/</c>.</summary>
    public required string Root { get; init; }

    /// <summary>The PLC's own timer: a part without a valid verdict by then is rejected.</summary>
    public TimeSpan Timer { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What the trigger's <c>deadline_ms</c> leaves of the timer for the way there and back.</summary>
    public TimeSpan Margin { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>A heartbeat that stands still this long is frozen; it beats every 500 ms.</summary>
    public TimeSpan HeartbeatTimeout { get; init; } = TimeSpan.FromSeconds(2);
}
