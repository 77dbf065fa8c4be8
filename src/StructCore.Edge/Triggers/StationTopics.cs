namespace StructCore.Edge.Triggers;

/// <summary>The topics of one station, below <c>sc/v1/{site}/{line}/{station}/</c>; what belongs to one agent of a share lies one level deeper.</summary>
internal sealed class StationTopics(string site, string line, string station, ShareOptions? share = null)
{
    private const string Contract = "sc/v1/";

    private readonly string _root = $"{Contract}{site}/{line}/{station}/";
    private readonly string _own = $"{Contract}{site}/{line}/{station}/{(share is null ? "" : share.Instance + "/")}";

    /// <summary>First levels below the root that an instance must not be called.</summary>
    public static IReadOnlyCollection<string> Reserved { get; } =
        ["trigger", "ack", "acquired", "verdict", "results", "state", "heartbeat", "camera", "bank", "update", "command", "response", "agent"];

    public bool IsShared => share is not null;

    /// <summary>Name of this agent in its share.</summary>
    public string? Instance => share?.Instance;

    public string Trigger => _root + "trigger";

    /// <summary>What to subscribe to for triggers.</summary>
    public string TriggerFilter => share is null ? Trigger : $"$share/{share.Group}/{Trigger}";

    public string Ack => _root + "ack";

    public string Acquired => _root + "acquired";

    public string Verdict => _root + "verdict";

    public string VerdictCode => _root + "verdict/code";

    public string Results => _root + "results";

    public string State => _own + "state";

    public string Heartbeat => _own + "heartbeat";

    /// <summary>Health of one camera; its id is checked to be one level.</summary>
    public string CameraState(string camera) => $"{_own}camera/{camera}/state";

    /// <summary>The agent's own: what comes before the marker it sends here was queued while it was away.</summary>
    public string Marker => _own + "agent/marker";

    /// <summary>Signed releases of the wanted banks, one category a level; all agents of a share take them.</summary>
    public string DesiredFilter => _root + "bank/+/desired";

    public string Desired(string category) => $"{_root}bank/{category}/desired";

    /// <summary>Signed calibrations, one category a level.</summary>
    public string CalibrationFilter => _root + "bank/+/calibration";

    public string Calibration(string category) => $"{_root}bank/{category}/calibration";

    /// <summary>The chain of trust documents.</summary>
    public string Trust => _root + "update/trust";

    /// <summary>Piece <paramref name="index"/> of a package that comes through the broker.</summary>
    public string PackageChunk(string category, int version, int index) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{_root}bank/{category}/package/{version}/{index}");

    /// <summary>Active, candidate and previous version.</summary>
    public string BankState(string category) => $"{_own}bank/{category}/state";

    /// <summary>How far an update is.</summary>
    public string UpdateState => _own + "update/state";

    /// <summary>Category and kind (<c>desired</c>, <c>calibration</c>) of a message below <c>bank/</c>; null where it is none of these.</summary>
    public (string Category, string Kind)? ParseBank(string topic) =>
        topic.StartsWith(_root + "bank/", StringComparison.Ordinal) && topic[(_root.Length + 5)..].Split('/') is [var category, var kind] && kind is "desired" or "calibration" ? (category, kind) : null;

    /// <summary>Commands are named by the level after this.</summary>
    public string Command => _own + "command/";

    /// <summary>Why no answer may go to this topic; null where one may. A sender must not make the agent write where only the agent may.</summary>
    public string? Refusal(string responseTopic) =>
        responseTopic.Length == 0 || responseTopic[0] == '$' || responseTopic.AsSpan().IndexOfAny("+#\0") >= 0
            ? $"invalid_response_topic: '{responseTopic}' is no topic to publish on"
            : responseTopic.StartsWith(Contract, StringComparison.Ordinal) && !responseTopic.StartsWith(_root + "response/", StringComparison.Ordinal)
                ? $"invalid_response_topic: '{responseTopic}' belongs to the contract; answer topics lie outside {Contract} or below {_root}response/"
                : null;
}
