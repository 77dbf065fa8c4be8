namespace StructCore.Edge.Telemetry;

/// <summary>What must be true of a station for its verdicts to be trusted: heartbeat, watchdog, health endpoints and <c>command/self_test</c> all ask here.</summary>
internal sealed class SelfCheck(params IReadOnlyList<Func<SelfCheckItem>> parts)
{
    /// <summary>Every part with its result, in a fixed order. Cheap: asked several times a second.</summary>
    public IReadOnlyList<SelfCheckItem> Run() => [.. parts.Select(p => p())];

    public bool Passes() => Run().All(i => i.Failure is null);
}
