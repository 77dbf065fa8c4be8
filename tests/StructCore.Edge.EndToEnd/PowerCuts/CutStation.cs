using System.Text.Json;
using System.Text.Json.Nodes;
using StructCore.Edge.BankUpdates.Files;

namespace StructCore.Tests.PowerCuts;

/// <summary>A station from one start to its end: a folder of its own, a broker that knows nothing of before, and the whole agent in this process.</summary>
internal sealed class CutStation : IAsyncDisposable
{
    public const string Category = "flange";
    private readonly MosquittoBroker _broker;
    private readonly Line _line;
    private readonly PowerSupply _power;
    private readonly PoweredAgent _agent;
    private Task? _stopped;

    private CutStation(MosquittoBroker broker, Line line, Plc plc, PowerSupply power, PoweredAgent agent) => (_broker, _line, Plc, _power, _agent) = (broker, line, plc, power, agent);

    public Plc Plc { get; }

    public string Folder => _line.Folder;

    public string Banks => Path.Combine(Folder, "banks");

    /// <param name="from">Everything that is on its disk.</param>
    public static async Task<CutStation> StartAsync(FittedParts parts, string from, PowerSupply power, UpdateFiles disk, Action<JsonNode>? change = null)
    {
        var broker = await MosquittoBroker.StartAsync();
        var line = new Line(parts, broker.Port);
        Copy(from, line.Folder);
        line.Configure(c =>
        {
            c["Banks"]!["Folder"] = "banks";
            c["Cameras"]![0]!["Source"] = "part";
            c["Updates"] = new JsonObject { ["TrustFile"] = "trust.json", ["ShadowInspections"] = 2, ["GuardInspections"] = 2, ["MaxSlowdown"] = 100 };
            change?.Invoke(c);
        });
        return new(broker, line, await Plc.ConnectAsync(broker.Port), power, new PoweredAgent(line.Configuration, power, disk));
    }

    /// <summary>Waits until it is ready; false where the power or the agent ended before.</summary>
    public Task<bool> ReadyAsync() => UnlessCutAsync(Plc.StateAsync("ready"));

    /// <summary>Judges the part; null where the power or the agent ended before.</summary>
    public async Task<JsonElement?> JudgeAsync()
    {
        // The store remembers those of the start before this one.
        var id = Guid.NewGuid().ToString("N");
        await Plc.TriggerAsync(id, $$""", "recipe": "{{Category}}", "deadline_ms": 20000""");
        var verdict = Plc.VerdictAsync(id);
        return await UnlessCutAsync(verdict) ? await verdict : null;
    }

    /// <summary>Judges parts until a message says that the change is through; false where the power or the agent ended before.</summary>
    public async Task<bool> GoThroughAsync(Change change)
    {
        var from = Plc.Everything().Count;
        await change.Ask(Plc);
        for (var parts = 0; ; parts++)
        {
            // Taken before the power is asked for: what an agent without power says does not count.
            var said = Plc.Everything().Skip(from).ToArray();
            if (_power.IsOff)
            {
                return false;
            }

            if (said.Any(change.IsThrough))
            {
                return true;
            }

            Assert.True(parts < 500, $"{change}: not through after {parts} parts. It said:\n{string.Join('\n', Plc.All("update/state"))}");
            if (await JudgeAsync() is not { } verdict || _power.IsOff)
            {
                return false;
            }

            Assert.True(change.Deciders.Any(d => d.Gave(verdict)), $"{change}: decided by none of {string.Join(", ", change.Deciders)}: {verdict}");
        }
    }

    /// <summary>Ends the agent; once more does nothing.</summary>
    public Task StopAsync() => _stopped ??= _agent.DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Plc.DisposeAsync();
        await _broker.DisposeAsync();
        _line.Dispose();
    }

    /// <summary>Copies everything in a folder.</summary>
    public static void Copy(string from, string to)
    {
        foreach (var folder in Directory.GetDirectories(from, "*", SearchOption.AllDirectories))
        {
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        }

        // An agent that was cut while it opened has not let go of its claim; the system would have.
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".db.agent", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)), overwrite: true);
        }
    }

    private async Task<bool> UnlessCutAsync(Task awaited) => await Task.WhenAny(awaited, _power.Cut, _agent.Ended) == awaited && await Completed(awaited);

    private static async Task<bool> Completed(Task task)
    {
        await task;
        return true;
    }
}
