namespace StructCore.Edge.Telemetry;

/// <summary>How a station is at one moment.</summary>
internal sealed record StationReport(string Station, OperatingState State, DateTimeOffset Since, IReadOnlyList<Fault> Faults, IReadOnlyList<SelfCheckItem> SelfCheck, int QueueDepth)
{
    /// <summary>Takes triggers and can judge them.</summary>
    public bool IsReady => State is OperatingState.Ready or OperatingState.Executing;

    /// <summary>Nothing is wrong that a restart of the agent could mend.</summary>
    public bool IsLive => SelfCheck.All(i => i.Failure is null || !i.Restart);
}
