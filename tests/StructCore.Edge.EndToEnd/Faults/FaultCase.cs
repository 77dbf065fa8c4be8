using System.Text.Json;
using System.Text.Json.Nodes;
using StructCore.Edge.Triggers;

namespace StructCore.Tests.Faults;

/// <summary>One fault: broker, cable, agent and PLC around it, and at the end the account of what became of every trigger.</summary>
internal sealed class FaultCase : IAsyncDisposable
{
    private const int Images = 4;
    private const int Deadline = 5000;
    private const int ProbeDeadline = 20_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);
    private readonly FaultSheet _sheet;
    private readonly string _fault;
    private readonly List<SentTrigger> _sent = [];
    private int _triggers;

    private FaultCase(FaultSheet sheet, string fault, MosquittoBroker broker, FittedParts parts)
    {
        (_sheet, _fault, Broker, Cable) = (sheet, fault, broker, TcpProxy.Start(broker.Port));
        Line = new Line(parts, Cable.Port);
        StorePath = Line.StorePath;
    }

    public MosquittoBroker Broker { get; }

    /// <summary>Between agent and broker; the PLC has its own.</summary>
    public TcpProxy Cable { get; }

    public Line Line { get; }

    public Plc Plc { get; private set; } = null!;

    /// <summary>The agent that runs, or the last that did.</summary>
    public ToolProcess Agent { get; private set; } = null!;

    /// <summary>How often the fault was brought about.</summary>
    public int Tried { get; set; } = 1;

    /// <summary>What the triggers name; null: parts are routed, and refused where they fit no product.</summary>
    public string? Recipe { get; set; }

    /// <summary>Where the store lies at the end; null where the fault has destroyed it and only the PLC's side can be checked.</summary>
    public string? StorePath { get; set; }

    /// <summary>Brings the store there, where the agent has it elsewhere.</summary>
    public Action? FetchStore { get; set; }

    /// <summary>How an agent is started: by default, as a process of this user on the line's configuration.</summary>
    public Func<Line, ToolProcess> Start { get; set; } = line => line.StartAgent();

    /// <summary>The triggers so far, each once.</summary>
    public IReadOnlyList<SentTrigger> Sent => _sent;

    public static async Task<FaultCase> PrepareAsync(FittedParts parts, FaultSheet sheet, string fault, Action<JsonNode>? change = null)
    {
        var prepared = new FaultCase(sheet, fault, await MosquittoBroker.StartAsync(new BrokerOptions { Persistence = true }), parts);
        prepared.Line.Configure(c =>
        {
            c["Cameras"]![0]!["Source"] = parts.Sure;
            change?.Invoke(c);
        });
        prepared.Plc = await Plc.ConnectAsync(prepared.Broker.Port);
        return prepared;
    }

    /// <summary>Everything up to the moment the station says ready.</summary>
    public static async Task<FaultCase> StartAsync(FittedParts parts, FaultSheet sheet, string fault, Action<JsonNode>? change = null)
    {
        var started = await PrepareAsync(parts, sheet, fault, change);
        try
        {
            await started.StartAgentAsync();
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    public static bool IsReady(JsonElement state) => state.GetProperty("state").GetString() is "ready" or "executing";

    /// <summary>Starts the agent, or the next one after the last has ended, and waits until it is ready.</summary>
    public async Task StartAgentAsync()
    {
        Launch();
        await ReadyAsync();
    }

    /// <summary>Starts the agent and waits for nothing.</summary>
    public void Launch()
    {
        Assert.True(Agent is null or { HasExited: true }, "The last agent still runs.");
        Agent = Start(Line);
    }

    /// <summary>Waits until the running agent's last word is ready.</summary>
    public async Task ReadyAsync() =>
        Assert.True(await ReadyOrEndedAsync(), $"{_fault}: the station is not ready. It said:\n{string.Join('\n', Plc.All("state").TakeLast(5))}\n{Agent.Output}\n{Agent.Error}");

    /// <summary>Waits until the running agent's last word is ready. False where it ended before, or says something else for too long.</summary>
    public async Task<bool> ReadyOrEndedAsync()
    {
        bool IsSaid() => Plc.All("state") is [.., var last] && IsReady(last) && Agent.Output.Contains($"Agent epoch {last.GetProperty("agent_epoch")},", StringComparison.Ordinal);
        return await Plc.UntilAsync(() => IsSaid() || Agent.HasExited, Patience) && IsSaid();
    }

    /// <summary>Waits until the station says anything but ready.</summary>
    public async Task NotReadyAsync(TimeSpan within) =>
        Assert.True(await Plc.UntilAsync(() => Plc.All("state") is [.., var last] && !IsReady(last), within), $"{_fault}: the station still says ready after {within.TotalSeconds} s.\n{Agent.Output}");

    /// <summary>Sends one trigger after the other, each when the one before has its answer.</summary>
    public async Task SendInTurnAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var trigger = await SendAsync();
            await Plc.UntilAsync(() => IsAnswered(trigger) || Plc.All("verdict").Any(v => Plc.IsOf(v, trigger.Id)), Patience);
        }
    }

    /// <summary>Verdicts of the triggers after the first <paramref name="from"/>, in words.</summary>
    public IReadOnlyList<string> Verdicts(int from) =>
        [.. _sent.Skip(from).Select(t => Plc.All("verdict").Concat(Plc.All("results")).FirstOrDefault(v => Plc.IsOf(v, t.Id))).Select(v => v.ValueKind == JsonValueKind.Object ? v.GetProperty("verdict").GetString()! : "none")];

    /// <summary>Sends triggers, one right behind the other.</summary>
    public Task SendAsync(int count, int deadlineMs = Deadline) => Task.WhenAll(Enumerable.Range(0, count).Select(_ => SendAsync(deadlineMs: deadlineMs)));

    /// <summary>Sends one trigger; an id that was used before is a repetition.</summary>
    public async Task<SentTrigger> SendAsync(string? id = null, int deadlineMs = Deadline)
    {
        _triggers++;
        var trigger = _sent.FirstOrDefault(t => t.Id == id);
        if (trigger is null)
        {
            trigger = new SentTrigger(id ?? $"t{_triggers}", TimeSpan.FromMilliseconds(deadlineMs), Plc.All("state") is [.., var last] && IsReady(last));
            _sent.Add(trigger);
        }

        try
        {
            await Plc.TriggerAsync(trigger.Id, $$""", "deadline_ms": {{deadlineMs}}{{(Recipe is null ? "" : $", \"recipe\": \"{Recipe}\"")}}""");
            trigger.TakenAt ??= Plc.Now;
        }
        catch (MessageBusException)
        {
            // The broker is not there: whether it has this one nobody knows.
        }

        return trigger;
    }

    /// <summary>Sends any bytes as a trigger.</summary>
    public Task SendRawAsync(byte[] payload, bool retain = false)
    {
        _triggers++;
        return Plc.SendAsync(payload, retain);
    }

    /// <summary>Lets a stalled line flow; triggers that it held begin their time now.</summary>
    public void Flow(IEnumerable<SentTrigger> held)
    {
        foreach (var trigger in held)
        {
            trigger.ReleasedAt = Plc.Now;
        }

        Cable.Flow();
    }

    /// <summary>Waits until every trigger so far has its answer: its result, or a refusal. What has none then, or when the agent has ended, the audit finds.</summary>
    public Task SettleAsync() => Plc.UntilAsync(() => Agent.HasExited || _sent.Where(t => t.TakenAt is not null).All(IsAnswered), Patience);

    /// <summary>After the fault: every image once, and all judged right.</summary>
    public async Task ProbeAsync()
    {
        await ReadyAsync();
        var from = _sent.Count;
        await SendAsync(Images, ProbeDeadline);
        await SettleAsync();
        Assert.Equal(["ACCEPT", "ACCEPT", "REJECT", "REJECT"], Verdicts(from).Order());
    }

    /// <summary>Stops the agent, which must end in order, and draws up the account, which must be clean.</summary>
    public async Task CloseAsync()
    {
        await SettleAsync();
        if (!Agent.HasExited)
        {
            Assert.Equal(0, await Agent.StopAsync());
        }

        FetchStore?.Invoke();
        var audit = new Audit(Plc, StorePath, Broker.Ends);
        var tally = audit.Count(Tried, _triggers, _sent);
        _sheet.Add(_fault, tally);
        Assert.True(audit.Findings.Count == 0, $"{_fault}: {tally}\n{string.Join('\n', audit.Findings)}\n{Agent.Output}");
    }

    public async ValueTask DisposeAsync()
    {
        if (Agent is not null)
        {
            await Agent.DisposeAsync();
        }

        await Plc.DisposeAsync();
        await Cable.DisposeAsync();
        await Broker.DisposeAsync();
        Line.Dispose();
    }

    private bool IsAnswered(SentTrigger trigger) =>
        Plc.All("results").Any(r => Plc.IsOf(r, trigger.Id)) || Plc.All("ack").Any(a => Plc.IsOf(a, trigger.Id) && a.GetProperty("status").GetString() is not ("accepted" or "duplicate"));
}
