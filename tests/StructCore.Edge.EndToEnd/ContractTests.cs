using System.Text.Json;

namespace StructCore.Tests;

/// <summary>MQTT.md as an integrator meets it, with mosquitto's own tools as the PLC.</summary>
public sealed class ContractTests(FittedParts parts)
{
    private const string Timings = "queue, grab, features, score, store, total";

    [Fact]
    public async Task Parts_TriggeredWithMosquittoPub_GetEverythingTheContractPromises()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        using var line = new Line(parts, broker.Port);
        await using var plc = new CommandLinePlc(broker.Port);
        await using var agent = line.StartAgent();
        await plc.WaitAsync(Plc.Root + "state", s => Text(s.Json, "state") == "ready");
        for (var i = 1; i <= 4; i++)
        {
            await plc.PublishAsync($$"""{"plc_epoch": "e7", "trigger_id": {{i}}, "part_id": "part {{i}}"}""", "-D", "publish", "response-topic", CommandLinePlc.Answers, "-D", "publish", "correlation-data", $"c{i}");
            await plc.WaitAsync(Plc.Root + "results", count: i);
        }

        await plc.WaitAsync(CommandLinePlc.Answers, count: 4);
        await plc.WaitAsync(Plc.Root + "verdict/code", count: 4);
        var state = await plc.KeptAsync(Plc.Root + "state");
        var heartbeat = (await plc.WaitAsync(Plc.Root + "heartbeat")).Json.GetProperty("counter").GetInt64();
        await plc.WaitAsync(Plc.Root + "heartbeat", h => h.Json.GetProperty("counter").GetInt64() > heartbeat);

        Assert.True(state.Retained);
        AssertFields("state, agent_epoch, since, faults", state.Json);
        Assert.All(plc.All(Plc.Root + "ack"), a => AssertFields("plc_epoch, trigger_id, status", a.Json));
        Assert.All(plc.All(Plc.Root + "ack"), a => Assert.Equal("accepted", Text(a.Json, "status")));
        Assert.All(plc.All(Plc.Root + "acquired"), a => AssertFields("plc_epoch, trigger_id, frame_id, captured_at", a.Json));
        var verdicts = plc.All(Plc.Root + "verdict");
        var acquired = plc.All(Plc.Root + "acquired");
        var results = plc.All(Plc.Root + "results");
        Assert.Equal((4, 4, 4), (verdicts.Count, acquired.Count, results.Count));
        for (var i = 0; i < 4; i++)
        {
            var verdict = verdicts[i].Json;
            const string Fields = "plc_epoch, trigger_id, part_id, verdict, reason, score, threshold, p_value, category, route_distance, bank, agent_epoch, seq, expires_at, captured_at, frame_age_ms, timings_ms";
            AssertFields(Fields, verdict);
            AssertFields("id, version, sha256", verdict.GetProperty("bank"));
            AssertFields(Timings, verdict.GetProperty("timings_ms"));
            AssertFields(Fields + ", frame_id, received_at, decided_at, late, previous_hash, hash", results[i].Json);
            Assert.False(results[i].Json.GetProperty("late").GetBoolean());
            Assert.Equal(("e7", i + 1, $"part {i + 1}"), (Text(verdict, "plc_epoch"), verdict.GetProperty("trigger_id").GetInt32(), Text(verdict, "part_id")));
            Assert.EndsWith("Z", Text(verdict, "expires_at"), StringComparison.Ordinal);
            Assert.Equal(Text(acquired[i].Json, "frame_id"), Text(results[i].Json, "frame_id"));
            Assert.Contains($"-{Text(verdict, "category")}-", Text(acquired[i].Json, "frame_id"), StringComparison.Ordinal);
            Assert.Equal(verdict.GetProperty("score").GetSingle() > verdict.GetProperty("threshold").GetSingle() ? "REJECT" : "ACCEPT", Text(verdict, "verdict"));
            Assert.Equal($"{i + 1};{(Text(verdict, "verdict") == "ACCEPT" ? 1 : 2)}", plc.All(Plc.Root + "verdict/code")[i].Payload);
            var answer = plc.All(CommandLinePlc.Answers)[i];
            Assert.Equal((verdicts[i].Payload, $"c{i + 1}"), (answer.Payload, answer.Correlation));
        }

        Assert.All(verdicts, v => Assert.Equal((1, false, "application/json"), (v.QualityOfService, v.Retained, v.ContentType)));
        Assert.Equal([1, 2, 3, 4], verdicts.Select(v => v.Json.GetProperty("seq").GetInt32()));
    }

    [Fact]
    public async Task Trigger_SentTwice_IsADuplicateWithTheSameVerdictAndOneRecord()
    {
        await using var station = await RunningStation.StartAsync(parts);
        await station.Plc.TriggerAsync("a");
        await station.Plc.ResultAsync("a");
        await station.Plc.TriggerAsync("a");
        await station.Plc.AckAsync("a", "duplicate");

        // The next one is answered after the repetition.
        await station.Plc.TriggerAsync("b");
        await station.Plc.ResultAsync("b");
        await station.Agent.StopAsync();

        var repeated = station.Plc.All("verdict").Where(v => Plc.IsOf(v, "a")).Select(Judgement).ToArray();
        Assert.Equal(2, repeated.Length);
        Assert.Equal(repeated[0], repeated[1]);
        Assert.Single(station.Plc.All("acquired"), v => Plc.IsOf(v, "a"));
        Assert.Equal(2, station.Line.Stored().Decided);
    }

    [Fact]
    public async Task Triggers_MoreThanTheQueueHolds_AreAllAnsweredAndTheAcceptedGetOneVerdictEach()
    {
        const int Burst = 60;
        await using var station = await RunningStation.StartAsync(parts, c => c["Stations"]![0]!["QueueCapacity"] = 2);
        var ids = Enumerable.Range(0, Burst).Select(i => $"t{i}").ToArray();
        await Task.WhenAll(ids.Select(id => station.Plc.TriggerAsync(id)));
        await Task.WhenAll(ids.Select(id => station.Plc.WaitAsync("ack", a => Plc.IsOf(a, id))));
        var acks = station.Plc.All("ack").ToLookup(a => Text(a, "status"), a => Text(a, "trigger_id"));
        await Task.WhenAll(acks["accepted"].Select(id => station.Plc.ResultAsync(id!)));
        await station.Agent.StopAsync();

        Assert.Equal(["accepted", "busy"], acks.Select(a => a.Key).Order());
        Assert.Equal(ids.Order(), acks.SelectMany(a => a).Order());
        Assert.Equal(acks["accepted"].Order(), station.Plc.All("verdict").Select(v => Text(v, "trigger_id")).Order());
        Assert.Equal(acks["accepted"].Count(), station.Line.Stored().Decided);
    }

    [Fact]
    public async Task Triggers_ThatCannotBeTaken_AreRefusedWithTheReasonAndTheNextOneIsServed()
    {
        await using var station = await RunningStation.StartAsync(parts);
        await station.Plc.SendAsync("""{"plc_epoch": 1, "trigger_id": "kept"}""", retain: true);
        await station.Plc.TriggerAsync("bolt", """, "recipe": "bolt" """);
        await station.Plc.TriggerAsync("left", """, "camera": "left" """);
        await station.Plc.SendAsync("{\"plc_epoch\": 1, ");
        var malformed = await station.Plc.WaitAsync("ack", a => Text(a, "status") == "invalid" && !a.TryGetProperty("trigger_id", out _));
        await station.Plc.TriggerAsync("good", """, "recipe": "blister", "camera": "folder" """);
        await station.Plc.ResultAsync("good");

        Assert.StartsWith("retained: ", await station.Plc.AckAsync("kept", "invalid"), StringComparison.Ordinal);
        Assert.Equal("unknown_recipe: no bank for 'bolt', known: blister, flange", await station.Plc.AckAsync("bolt", "unknown_recipe"));
        Assert.Equal("unknown_camera: 'left' is not configured", await station.Plc.AckAsync("left", "invalid"));
        Assert.StartsWith("malformed_json: ", Text(malformed, "reason"), StringComparison.Ordinal);
        Assert.Equal("good", Text(Assert.Single(station.Plc.All("verdict")), "trigger_id"));
    }

    [Fact]
    public async Task Trigger_KeptByTheBrokerFromBefore_IsRefusedAtTheStart()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        using var line = new Line(parts, broker.Port);
        await using var plc = await Plc.ConnectAsync(broker.Port);
        await plc.SendAsync("""{"plc_epoch": 1, "trigger_id": "kept"}""", retain: true);
        await using var agent = line.StartAgent();

        Assert.StartsWith("retained: ", await plc.AckAsync("kept", "invalid"), StringComparison.Ordinal);
        await agent.StopAsync();
        Assert.Empty(plc.All("results"));
    }

    private static string Judgement(JsonElement verdict) =>
        string.Join(' ', new[] { "seq", "verdict", "score", "threshold", "category", "bank", "expires_at" }.Select(f => verdict.GetProperty(f).GetRawText()));

    private static void AssertFields(string expected, JsonElement body) =>
        Assert.Equal(expected.Split(", ").Order(), body.EnumerateObject().Select(p => p.Name).Order());

    private static string? Text(JsonElement body, string field) => body.TryGetProperty(field, out var value) ? value.GetString() : null;
}
