namespace StructCore.Edge.Triggers;

/// <summary>The topics of one station, below <c>sc/v1/{site}/{line}/{station}/</c>.</summary>
internal sealed class StationTopics(string site, string line, string station)
{
    private readonly string _root = $"sc/v1/{site}/{line}/{station}/";

    public string Trigger => _root + "trigger";

    public string Ack => _root + "ack";

    public string Acquired => _root + "acquired";

    public string Verdict => _root + "verdict";

    public string VerdictCode => _root + "verdict/code";

    public string Results => _root + "results";

    public string State => _root + "state";

    public string Heartbeat => _root + "heartbeat";

    /// <summary>Health of one camera; its id is checked to be one level.</summary>
    public string CameraState(string camera) => $"{_root}camera/{camera}/state";

    /// <summary>The agent's own: what comes before the marker it sends here was queued while it was away.</summary>
    public string Marker => _root + "agent/marker";
}
