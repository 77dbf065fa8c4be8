namespace StructCore.Edge.Telemetry;

/// <summary>One entry of <c>faults</c>.</summary>
internal sealed record Fault(string Name, string Text)
{
    public const string Camera = "camera_failed";
    public const string Store = "store_failed";
    public const string DiskFull = "disk_full";

    /// <summary>Shown, but no reason to stop: the verdicts are as good as ever.</summary>
    public const string EvidenceLost = "evidence_lost";
}
