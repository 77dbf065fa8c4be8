namespace StructCore.Edge.Telemetry;

/// <summary>One entry of <c>faults</c>.</summary>
internal sealed record Fault(string Name, string Text)
{
    public const string Camera = "camera_failed";
    public const string Store = "store_failed";
}
