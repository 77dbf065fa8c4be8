using System.Text.Json;

namespace StructCore.Edge.Simulation.Line;

/// <summary>What the PLC knows of the agent from <c>state</c> and <c>heartbeat</c>, and whether it may trust it. Not thread-safe.</summary>
internal sealed class StationWatch(TimeSpan heartbeatTimeout, TimeProvider time)
{
    private string _state = "unknown";
    private long? _epoch;
    private long? _trusted;
    private double? _beat;
    private long _beatAt;
    private bool _beating;

    public void OnState(JsonElement body)
    {
        _state = VerdictMessage.Text(body, "state") ?? "unknown";
        _epoch = (long?)VerdictMessage.Number(body, "agent_epoch");
    }

    /// <summary>Only a counter that grows is a beat; the first one seen may be a broker's leftover.</summary>
    public void OnHeartbeat(double? counter)
    {
        if (counter > _beat)
        {
            (_beating, _beatAt) = (true, time.GetTimestamp());
        }

        _beat = counter;
    }

    /// <summary>Takes the agent that is there now for the one this shift runs with.</summary>
    public void Trust() => _trusted = _epoch;

    /// <summary>Why no verdict may be acted on now; null where all is well.</summary>
    public string? Objection()
    {
        if (_state is not ("ready" or "executing"))
        {
            return $"station is {_state}";
        }

        if (_trusted is { } trusted && _epoch != trusted)
        {
            return $"agent_epoch changed from {trusted} to {_epoch}";
        }

        return _beating && time.GetElapsedTime(_beatAt) <= heartbeatTimeout ? null : "heartbeat is frozen";
    }

    /// <summary>The same for one verdict: it must also come from the agent this shift runs with.</summary>
    public string? Objection(VerdictMessage verdict) =>
        Objection() ?? (verdict.AgentEpoch == _trusted ? null : $"verdict of agent_epoch {verdict.AgentEpoch}, expected {_trusted}");
}
