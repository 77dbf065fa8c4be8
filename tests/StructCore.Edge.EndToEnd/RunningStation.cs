using System.Text.Json.Nodes;

namespace StructCore.Tests;

/// <summary>Broker, agent and PLC, up to the moment the station says ready.</summary>
internal sealed class RunningStation : IAsyncDisposable
{
    private readonly MosquittoBroker _broker;

    private RunningStation(MosquittoBroker broker, Line line, Plc plc, ToolProcess agent) => (_broker, Line, Plc, Agent) = (broker, line, plc, agent);

    public Line Line { get; }

    public Plc Plc { get; }

    public ToolProcess Agent { get; }

    public static async Task<RunningStation> StartAsync(FittedParts parts, Action<JsonNode>? change = null, string state = "ready")
    {
        var broker = await MosquittoBroker.StartAsync();
        var line = new Line(parts, broker.Port);
        line.Configure(change);
        var station = new RunningStation(broker, line, await Plc.ConnectAsync(broker.Port), line.StartAgent());
        try
        {
            await station.Plc.StateAsync(state);
            return station;
        }
        catch
        {
            await station.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Agent.DisposeAsync();
        await Plc.DisposeAsync();
        await _broker.DisposeAsync();
        Line.Dispose();
    }
}
