using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace StructCore.Tests;

/// <summary>The health endpoints of the real agent, over HTTP.</summary>
public sealed class HealthTests(FittedParts parts)
{
    private const string Key = "0123456789abcdef";
    private readonly int _port = LoopbackPort.Free();

    [Fact]
    public async Task Health_FromStartToStop_TellsWhatIsTrue()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await broker.StopAsync();
        using var line = new Line(parts, broker.Port);
        line.Configure(c => Serve(c));
        await using var agent = line.StartAgent();
        using var http = Client();

        var waiting = await http.UntilAsync("ready", s => State(s) == "initialized");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "not_ready"), (waiting.Code, waiting.Status));
        Assert.Equal((HttpStatusCode.OK, "live"), await http.StatusAsync("live"));

        await broker.StartAgainAsync();
        var ready = await http.UntilAsync("ready", s => State(s) == "ready");
        Assert.Equal((HttpStatusCode.OK, "ready"), (ready.Code, ready.Status));
        Assert.Equal(1, ready.Body.GetProperty("agent_epoch").GetInt64());
        Assert.Equal(0, ready.Body.GetProperty("outbox_size").GetInt64());
        Assert.StartsWith("0.1.0", ready.Body.GetProperty("version").GetString(), StringComparison.Ordinal);
        var station = Assert.Single(ready.Body.GetProperty("stations").EnumerateArray());
        Assert.Equal(("s/l/one", 0, 0), (station.GetProperty("station").GetString(), station.GetProperty("queue_depth").GetInt32(), station.GetProperty("faults").GetArrayLength()));
        Assert.Superset(new HashSet<string?> { "loops", "inspection_loop", "camera", "store" }, Items(station).ToHashSet());
        Assert.Empty(Items(station, failed: true));

        // The goodbye to a broker that hangs takes its time; whoever asks meanwhile must not be told ready.
        broker.Suspend();
        var stopping = agent.StopAsync();
        await http.UntilAsync("ready", s => State(s) == "preoperational");
        Assert.Equal(0, await stopping);
        broker.Resume();
        await Assert.ThrowsAsync<HttpRequestException>(() => http.StatusAsync("live"));
    }

    [Fact]
    public async Task Health_CameraFailed_IsLiveButNotReadyAndSaysWhy()
    {
        await using var station = await RunningStation.StartAsync(parts, c => Serve(c)["Cameras"]![0]!["Source"] = "frames", state: "error");
        using var http = Client();
        var (code, status, body) = await http.AskAsync("ready");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "not_ready"), (code, status));
        var told = body.GetProperty("stations")[0];
        Assert.Equal(("error", "camera_failed"), (told.GetProperty("state").GetString(), told.GetProperty("faults")[0].GetProperty("name").GetString()));
        Assert.Equal(["camera"], Items(told, failed: true));
        Assert.Equal((HttpStatusCode.OK, "live"), await http.StatusAsync("live"));

        var folder = Directory.CreateDirectory(Path.Combine(station.Line.Folder, "new"));
        File.Copy(parts.Frame("flange-good"), Path.Combine(folder.FullName, "0.png"));
        folder.MoveTo(Path.Combine(station.Line.Folder, "frames"));
        await http.UntilAsync("ready", s => s.Code == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Health_BrokerGoesDown_IsNotReadyUntilItIsBack()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        using var line = new Line(parts, broker.Port);
        line.Configure(c => Serve(c));
        await using var agent = line.StartAgent();
        using var http = Client();
        await http.UntilAsync("ready", s => s.Code == HttpStatusCode.OK);
        await broker.KillAsync();
        var down = await http.UntilAsync("ready", s => s.Code != HttpStatusCode.OK);
        Assert.Equal("initialized", State(down));
        Assert.Equal((HttpStatusCode.OK, "live"), await http.StatusAsync("live"));
        await broker.StartAgainAsync();
        await http.UntilAsync("ready", s => s.Code == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Key_Configured_IsAskedForAndOnlyTheRightOneOpens()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        using var line = new Line(parts, broker.Port);
        await File.WriteAllTextAsync(Path.Combine(line.Folder, "key"), Key + "\n");
        line.Configure(c => Serve(c)["Http"]!["KeyFile"] = "key");
        await using var agent = line.StartAgent();
        using var http = Client();
        http.DefaultRequestHeaders.Authorization = new("Bearer", Key);
        await http.UntilAsync("live", s => s.Code == HttpStatusCode.OK);

        Assert.Equal(HttpStatusCode.OK, await CodeAsync(r => r.Add("X-Api-Key", Key)));
        Assert.Equal(HttpStatusCode.Unauthorized, await CodeAsync(_ => { }));
        Assert.Equal(HttpStatusCode.Unauthorized, await CodeAsync(r => r.Add("X-Api-Key", Key + "0")));
        Assert.Equal(HttpStatusCode.Unauthorized, await CodeAsync(r => r.Add("X-Api-Key", "")));
        Assert.Equal(HttpStatusCode.Unauthorized, await CodeAsync(r => r.Authorization = new("Bearer", Key[..^1] + "g")));
        Assert.Equal(HttpStatusCode.Unauthorized, await CodeAsync(r => r.Authorization = new("Basic", Key)));
        Assert.Equal(HttpStatusCode.Unauthorized, await CodeAsync(_ => { }, "no/such/page"));
        Assert.Equal(HttpStatusCode.NotFound, await CodeAsync(r => r.Add("X-Api-Key", Key), "health/../appsettings.json"));
    }

    [Fact]
    public async Task Server_ByDefault_IsOnLoopbackAloneAndTellsNothingOfItself()
    {
        await using var station = await RunningStation.StartAsync(parts, c => Serve(c));
        var other = (await Dns.GetHostAddressesAsync(Dns.GetHostName())).FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(a)) ?? IPAddress.Parse("127.0.0.2");
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await Assert.ThrowsAsync<SocketException>(() => socket.ConnectAsync(other, _port));

        using var http = Client();
        using var answer = await http.GetAsync("health/live");
        Assert.False(answer.Headers.Contains("Server"));
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);

        // A name that somebody else's DNS points at this machine.
        http.DefaultRequestHeaders.Host = "attacker.example";
        Assert.Equal(HttpStatusCode.BadRequest, (await http.GetAsync("health/live")).StatusCode);
    }

    [Fact]
    public async Task Server_TooMuch_IsRefused()
    {
        await using var station = await RunningStation.StartAsync(parts, c => Serve(c));
        using var http = Client();
        using var large = new HttpRequestMessage(HttpMethod.Get, "health/live");
        large.Headers.Add("X-Much", new string('x', 10_000));
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, (await http.SendAsync(large)).StatusCode);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => http.UntilAsync("live", s => s.Code == HttpStatusCode.TooManyRequests, pause: TimeSpan.FromMilliseconds(1))));

        var silent = Enumerable.Range(0, 40).Select(_ => new TcpClient()).ToArray();
        await Task.WhenAll(silent.Select(c => c.ConnectAsync(IPAddress.Loopback, _port)));
        var first = await Task.WhenAny(silent.Select(c => c.GetStream().ReadAsync(new byte[1]).AsTask())).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.True(first.IsFaulted || await first == 0);
        Array.ForEach(silent, c => c.Dispose());
    }

    [Theory]
    [InlineData("0.0.0.0", null, "Http:KeyFile: 0.0.0.0 can be reached from outside, so a key is needed.")]
    [InlineData("::", null, "Http:KeyFile: :: can be reached from outside, so a key is needed.")]
    [InlineData("0.0.0.0", "short", "Http:KeyFile: the key in the variable STRUCTCORE_HTTP_KEY has 5 characters, at least 16 are needed.")]
    [InlineData("everywhere", null, "Http:Address: 'everywhere' is no IP address;")]
    public async Task Start_ReachableFromOutsideWithoutAKey_IsRefused(string address, string? key, string expected)
    {
        using var line = new Line(parts, LoopbackPort.Free());
        line.Configure(c => Serve(c)["Http"]!["Address"] = address);
        await using var agent = new ToolProcess(Structcore.Executable, ["run", "--config", line.Configuration], key is null ? [] : [("STRUCTCORE_HTTP_KEY", key)]);

        Assert.Equal(1, await agent.WaitAsync());
        Assert.Contains(expected, agent.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OnEveryAddressWithAKey_Serves()
    {
        using var line = new Line(parts, LoopbackPort.Free());
        line.Configure(c => Serve(c)["Http"]!["Address"] = "0.0.0.0");
        await using var agent = new ToolProcess(Structcore.Executable, ["run", "--config", line.Configuration], ("STRUCTCORE_HTTP_KEY", Key));
        using var http = Client();
        await http.UntilAsync("live", s => s.Code == HttpStatusCode.Unauthorized);
        Assert.Equal(HttpStatusCode.OK, await CodeAsync(r => r.Add("X-Api-Key", Key)));
    }

    [Fact]
    public async Task Start_PortInUse_SaysWhichAndWhatToDo()
    {
        using var taken = new TcpListener(IPAddress.Loopback, _port);
        taken.Start();
        using var line = new Line(parts, LoopbackPort.Free());
        line.Configure(c => Serve(c));
        var (code, output, error) = await Structcore.RunAsync("run", "--config", line.Configuration);

        Assert.Equal(1, code);
        Assert.Contains($"Http:Port: cannot listen on 127.0.0.1:{_port}: Address already in use.", error, StringComparison.Ordinal);
        Assert.Contains("set another Http:Port", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error + output, StringComparison.Ordinal);
    }

    private static string State(HealthAnswer answer) => answer.Body.GetProperty("stations")[0].GetProperty("state").GetString()!;

    private static IEnumerable<string?> Items(JsonElement station, bool failed = false) =>
        station.GetProperty("self_check").EnumerateArray().Where(i => !failed || i.TryGetProperty("failure", out _)).Select(i => i.GetProperty("name").GetString());

    private JsonNode Serve(JsonNode configuration)
    {
        configuration["Http"] = new JsonObject { ["Enabled"] = true, ["Port"] = _port };
        return configuration;
    }

    private HealthClient Client() => new(_port);

    private async Task<HttpStatusCode> CodeAsync(Action<HttpRequestHeaders> prepare, string path = "health/live")
    {
        using var http = Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        prepare(request.Headers);
        return (await http.SendAsync(request)).StatusCode;
    }
}
