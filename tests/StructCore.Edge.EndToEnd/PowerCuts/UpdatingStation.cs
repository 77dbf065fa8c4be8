using System.Text.Json;
using System.Text.Json.Nodes;

namespace StructCore.Tests.PowerCuts;

/// <summary>A station that takes remote updates, as a process of its own: broker, folder, PLC.</summary>
internal sealed class UpdatingStation : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);
    private readonly MosquittoBroker _broker;
    private int _parts;

    private UpdatingStation(MosquittoBroker broker, Line line, Plc plc, ToolProcess agent) => (_broker, Line, Plc, Agent) = (broker, line, plc, agent);

    public Line Line { get; }

    public Plc Plc { get; }

    public ToolProcess Agent { get; private set; }

    public string BrokerAddress => $"{_broker.Host}:{_broker.Port}";

    public string Banks => Path.Combine(Line.Folder, "banks");

    /// <summary>Everything up to the moment the station says ready.</summary>
    /// <param name="from">What its folder holds at first.</param>
    /// <param name="images">What its camera shows.</param>
    public static async Task<UpdatingStation> StartAsync(FittedParts parts, string from, string images, Action<JsonNode>? change = null, params IEnumerable<(string Name, string Value)> environment)
    {
        var broker = await MosquittoBroker.StartAsync();
        var line = new Line(parts, broker.Port);
        CutStation.Copy(from, line.Folder);
        line.Configure(c =>
        {
            c["Banks"]!["Folder"] = "banks";
            c["Cameras"]![0]!["Source"] = images;
            c["Updates"] = new JsonObject { ["TrustFile"] = "trust.json", ["ShadowInspections"] = 2, ["GuardInspections"] = 2, ["MaxSlowdown"] = 100 };
            change?.Invoke(c);
        });
        var station = new UpdatingStation(broker, line, await Plc.ConnectAsync(broker.Port), line.StartAgent(environment));
        try
        {
            await station.ReadyAsync();
            return station;
        }
        catch
        {
            await station.DisposeAsync();
            throw;
        }
    }

    public async Task<JsonElement> JudgeAsync(string recipe = Releases.Category)
    {
        var id = await TriggerAsync(recipe);
        return await Plc.VerdictAsync(id);
    }

    /// <summary>Sends a part; its id.</summary>
    public async Task<string> TriggerAsync(string recipe = Releases.Category)
    {
        var id = $"p{++_parts}";
        await Plc.TriggerAsync(id, $$""", "recipe": "{{recipe}}" """);
        return id;
    }

    /// <summary>Judges parts until a message after the first <paramref name="from"/> on <c>update/state</c> is as it should be; that message.</summary>
    public async Task<JsonElement> JudgeUntilAsync(Func<JsonElement, bool> condition, int from = 0)
    {
        for (var parts = 0; parts < 500; parts++)
        {
            foreach (var said in Plc.All("update/state").Skip(from).Where(condition))
            {
                return said;
            }

            await JudgeAsync();
        }

        throw new Xunit.Sdk.XunitException($"It never said so:\n{string.Join('\n', Plc.All("update/state"))}\n{Agent.Output}");
    }

    /// <summary>Starts the next agent after the last has ended, and waits until it is ready.</summary>
    public async Task RestartAsync()
    {
        await Agent.DisposeAsync();
        Agent = Line.StartAgent();
        await ReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Agent.DisposeAsync();
        await Plc.DisposeAsync();
        await _broker.DisposeAsync();
        Line.Dispose();
    }

    // The agent before it may have said ready too: the epoch tells whose word it is.
    private async Task ReadyAsync()
    {
        bool IsReady() => Plc.All("state") is [.., var last] && last.GetProperty("state").GetString() is "ready" or "executing" && Agent.Output.Contains($"Agent epoch {last.GetProperty("agent_epoch")},", StringComparison.Ordinal);
        Assert.True(await Plc.UntilAsync(() => IsReady() || Agent.HasExited, Patience) && IsReady(), $"It does not start:\n{Agent.Output}\n{Agent.Error}");
    }
}
