using System.Diagnostics;
using System.Text.Json.Nodes;

namespace StructCore.Tests;

/// <summary>Metrics and traces of the real agent, as a collector receives them.</summary>
public sealed class OtlpTests(FittedParts parts)
{
    private static readonly (string, string) Often = ("OTEL_METRIC_EXPORT_INTERVAL", "300");
    private static readonly (string, string) Soon = ("OTEL_BSP_SCHEDULE_DELAY", "300");

    [Theory]
    [InlineData("grpc", "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", "/opentelemetry.proto.collector.trace.v1.TraceService/Export")]
    [InlineData("http/protobuf", "/v1/metrics", "/v1/traces")]
    public async Task Collector_Configured_GetsMetricsAndTracesOfEveryInspection(string protocol, params string[] paths)
    {
        await using var collector = await OtlpCollector.StartAsync(protocol == "grpc");
        await using var broker = await MosquittoBroker.StartAsync();
        using var line = new Line(parts, broker.Port);
        await File.WriteAllTextAsync(Path.Combine(line.Folder, "headers"), "api-key=k1\n");
        line.Configure(c => c["Telemetry"] = new JsonObject { ["Otlp"] = new JsonObject { ["Endpoint"] = $"http://127.0.0.1:{collector.Port}", ["Protocol"] = protocol, ["HeadersFile"] = "headers" } });
        await using var plc = await Plc.ConnectAsync(broker.Port);
        await using var agent = new ToolProcess(Structcore.Executable, ["run", "--config", line.Configuration], Often, Soon);
        await plc.StateAsync("ready");
        await plc.TriggerAsync("a");
        var verdict = await plc.VerdictAsync("a");
        await plc.TriggerAsync("b", """, "camera": "folder" """);
        await plc.ResultAsync("b");

        const string Station = "station=s/l/one";
        string[] stages = ["queue", "grab", "features", "score", "store", "publish"];
        var metrics = await collector.MetricsAsync(m => m.GetValueOrDefault($"structcore.inspection.duration{{{Station}}}") == 2 && m.GetValueOrDefault("structcore.outbox.size{}", 1) == 0);
        var (category, decision) = (verdict.GetProperty("category").GetString(), verdict.GetProperty("verdict").GetString()!.ToLowerInvariant());
        Assert.True(metrics[$"structcore.verdicts{{category={category},decision={decision},reason={verdict.GetProperty("reason").GetString()},{Station}}}"] >= 1);
        Assert.All(stages, s => Assert.Equal(2, metrics[$"structcore.inspection.stage.duration{{stage={s},{Station}}}"]));
        Assert.Equal(2, metrics.Where(m => m.Key.StartsWith("structcore.inspection.score{", StringComparison.Ordinal)).Sum(m => m.Value));
        Assert.Equal(2, metrics.Where(m => m.Key.StartsWith("structcore.inspection.score_ratio{", StringComparison.Ordinal)).Sum(m => m.Value));
        Assert.Equal(0, metrics[$"structcore.queue.depth{{{Station}}}"]);
        Assert.Equal(0, metrics[$"structcore.evidence.dropped{{{Station}}}"]);
        Assert.True(metrics["structcore.store.size{}"] > 0);
        Assert.Equal(2, metrics["structcore.camera.frames{camera=folder}"]);
        foreach (var kind in (string[])["incomplete_buffer", "lost_packet", "stale", "frozen", "black", "reconnect"])
        {
            Assert.Equal(0, metrics[$"structcore.camera.losses{{camera=folder,kind={kind}}}"]);
        }

        Assert.Contains(metrics.Keys, k => k.StartsWith("dotnet.", StringComparison.Ordinal));

        var whole = await collector.SpanAsync(s => s.Tags.GetValueOrDefault("structcore.trigger_id") == "a");
        Assert.Equal(("inspection", "s/l/one", decision), (whole.Name, whole.Tags["structcore.station"], whole.Tags["structcore.decision"]));
        foreach (var stage in stages)
        {
            Assert.InRange((await collector.SpanAsync(s => s.Parent == whole.Id && s.Name == stage)).Milliseconds, 0, whole.Milliseconds + 0.01);
        }

        Assert.Equal("structcore", collector.Resource["service.name"]);
        Assert.Equal(paths.Order(), collector.Callers.Keys.Where(c => c.Key == "k1").Select(c => c.Path).Order());
        Assert.Equal(2, collector.Callers.Count);
    }

    [Fact]
    public async Task Collector_NamedByTheStandardVariables_IsUsedAndGetsTheLastAtTheEnd()
    {
        await using var collector = await OtlpCollector.StartAsync(grpc: false);
        await using var broker = await MosquittoBroker.StartAsync();
        using var line = new Line(parts, broker.Port);
        await using var plc = await Plc.ConnectAsync(broker.Port);
        await using var agent = new ToolProcess(
            Structcore.Executable,
            ["run", "--config", line.Configuration],
            ("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://127.0.0.1:{collector.Port}"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=k2"),
            ("OTEL_RESOURCE_ATTRIBUTES", "plant=berlin"));
        await plc.StateAsync("ready");
        await plc.TriggerAsync("a");
        await plc.ResultAsync("a");
        Assert.Equal(0, await agent.StopAsync());

        await collector.MetricsAsync(m => m.GetValueOrDefault("structcore.inspection.duration{station=s/l/one}") == 1);
        await collector.SpanAsync(s => s.Tags.GetValueOrDefault("structcore.trigger_id") == "a");
        Assert.Equal("berlin", collector.Resource["plant"]);
        Assert.Equal(["k2"], collector.Callers.Keys.Select(c => c.Key).Distinct());
    }

    [Fact]
    public async Task Collector_Away_HoldsNothingUpAndIsLoggedOnce()
    {
        // One that takes connections and never answers: the worst of them.
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        await using var broker = await MosquittoBroker.StartAsync();
        using var line = new Line(parts, broker.Port);
        line.Configure(c => c["Telemetry"] = new JsonObject { ["Otlp"] = new JsonObject { ["Endpoint"] = $"http://127.0.0.1:{((System.Net.IPEndPoint)silent.LocalEndpoint).Port}" } });
        await using var plc = await Plc.ConnectAsync(broker.Port);
        await using var agent = new ToolProcess(Structcore.Executable, ["run", "--config", line.Configuration], Often, Soon, ("OTEL_EXPORTER_OTLP_TIMEOUT", "400"), ("OTEL_BSP_MAX_QUEUE_SIZE", "16"), ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "8"));
        await plc.StateAsync("ready");
        for (var i = 0; i < 20; i++)
        {
            await plc.TriggerAsync($"t{i}");
            Assert.NotEqual("ERROR", (await plc.VerdictAsync($"t{i}")).GetProperty("verdict").GetString());
        }

        await agent.WaitForOutputAsync("do not reach the collector");
        var clock = Stopwatch.StartNew();
        Assert.Equal(0, await agent.StopAsync());
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
        Assert.Equal(2, agent.Output.Split("do not reach the collector").Length);
    }

    [Theory]
    [InlineData("collector:4317")]
    [InlineData("ftp://collector")]
    [InlineData("http://user:geheim@collector")]
    public async Task Endpoint_NoAddressOrOneWithAPassword_IsRefusedWithoutShowingIt(string endpoint)
    {
        using var line = new Line(parts, LoopbackPort.Free());
        line.Configure(c => c["Telemetry"] = new JsonObject { ["Otlp"] = new JsonObject { ["Endpoint"] = endpoint, ["Protocol"] = "carrier-pigeon" } });
        var (code, output, error) = await Structcore.RunAsync("run", "--config", line.Configuration);

        Assert.Equal(1, code);
        Assert.Contains("Telemetry:Otlp:Endpoint: is no address like http://127.0.0.1:4317;", error, StringComparison.Ordinal);
        Assert.Contains("Telemetry:Otlp:Protocol: 'carrier-pigeon' is not one of grpc, http/protobuf.", error, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", error + output, StringComparison.Ordinal);
    }
}
