using System.Text.Json.Nodes;
using StructCore.Edge.Triggers;

namespace StructCore.Tests;

/// <summary>The example access list and the example TLS configuration, as they are, in a real broker.</summary>
public sealed class AccessTests(FittedParts parts)
{
    private const string Agent = "structcore";
    private const string Everyone = "everyone";
    private const string Trigger = """{"plc_epoch": 1, "trigger_id": "a"}""";
    private static readonly string[] Accounts = [Agent, "plc", "updates", "viewer", "stranger"];

    private static string Config => Path.Combine(SharedFiles.Repository, "config");

    // Besides the contract's topics: images, if ever they should be published, and somebody else's answers.
    private static readonly string[] Topics =
    [
        "trigger", "ack", "acquired", "verdict", "verdict/code", "results", "state", "heartbeat", "camera/left/state", "bank/cap/state", "bank/cap/desired",
        "bank/cap/calibration", "bank/cap/package/2/0", "update/trust", "update/state", "share1/bank/cap/state", "share1/update/state",
        "command/self_test", "agent/marker", "evidence/1", "response/plc/1", "response/updates/1",
    ];

    [Theory]
    [InlineData("file")]
    [InlineData("environment")]
    public async Task Agent_UnderTheExampleRules_DoesAllItsWork(string password)
    {
        await using var broker = await StartAsync();
        using var line = new Line(parts, broker.Port);
        await File.WriteAllTextAsync(Path.Combine(line.Folder, "password"), Password(Agent) + "\n");
        line.Configure(c =>
        {
            c["Broker"]!["UserName"] = Agent;
            if (password == "file")
            {
                c["Broker"]!["PasswordFile"] = "password";
            }
        });
        await using var plc = await ConnectAsync(broker, "plc");
        await using var viewer = await ConnectAsync(broker, "viewer");
        await using var stranger = await ConnectAsync(broker, "stranger");
        await using var agent = new ToolProcess(Structcore.Executable, ["run", "--config", line.Configuration], password == "file" ? [] : [("STRUCTCORE_BROKER_PASSWORD", Password(Agent))]);
        await plc.HearAsync(Plc.Root + "state", "\"ready\"");
        Assert.False(await stranger.TryPublishAsync(Plc.Root + "trigger", Trigger));
        Assert.True(await plc.TryPublishAsync(Plc.Root + "trigger", Trigger, Plc.Root + "response/plc/1"));
        foreach (var topic in (string[])["ack", "acquired", "verdict", "verdict/code", "results", "response/plc/1", "heartbeat"])
        {
            await plc.HearAsync(Plc.Root + topic, topic == "heartbeat" ? "counter" : "a");
        }

        await viewer.HearAsync(Plc.Root + "verdict", "ACCEPT");
        await viewer.CatchUpAsync();
        await stranger.CatchUpAsync();
        Assert.Equal(0, await agent.StopAsync());
        await plc.HearAsync(Plc.Root + "state", "offline");

        Assert.Subset(new HashSet<string>(new[] { "verdict", "state", "heartbeat", "camera/folder/state", "bank/blister/state", "bank/flange/state" }.Select(t => Plc.Root + t)), viewer.HeardTopics.ToHashSet());
        Assert.Empty(stranger.HeardTopics);
        Assert.DoesNotContain("not published", agent.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Password(Agent), agent.Output + agent.Error, StringComparison.Ordinal);
        Assert.Equal(1, line.Stored().Decided);
    }

    [Theory]
    [InlineData("plc", "trigger")]
    [InlineData("updates", "bank/cap/desired", "bank/cap/calibration", "bank/cap/package/2/0", "update/trust", "command/self_test")]
    [InlineData("viewer")]
    [InlineData("stranger")]
    [InlineData(Agent, "ack", "acquired", "verdict", "verdict/code", "results", "state", "heartbeat", "camera/left/state", "bank/cap/state", "update/state", "share1/bank/cap/state", "share1/update/state", "agent/marker", "response/plc/1", "response/updates/1")]
    public async Task Account_MayWrite_WhatIsItsOwn(string name, params string[] allowed)
    {
        await using var broker = await StartAsync();
        await using var account = await ConnectAsync(broker, name);
        var written = new List<string>();
        foreach (var topic in Topics)
        {
            if (await account.TryPublishAsync(Plc.Root + topic, "x"))
            {
                written.Add(topic);
            }
        }

        Assert.Equal(allowed.Order(), written.Order());
        Assert.False(await account.TryPublishAsync("elsewhere/trigger", "x"));
    }

    [Theory]
    [InlineData("plc", "ack", "acquired", "verdict", "verdict/code", "results", "state", "heartbeat", "camera/left/state", "response/plc/1")]
    [InlineData("updates", "bank/cap/state", "bank/cap/desired", "bank/cap/package/2/0", "update/state", "share1/bank/cap/state", "share1/update/state", "state", "response/updates/1")]
    [InlineData("viewer", "verdict", "state", "heartbeat", "camera/left/state", "bank/cap/state")]
    [InlineData("stranger")]
    [InlineData(Agent, "trigger", "bank/cap/desired", "bank/cap/calibration", "bank/cap/package/2/0", "update/trust", "command/self_test", "agent/marker")]
    public async Task Account_MayRead_WhatItNeeds(string name, params string[] allowed)
    {
        await using var broker = await StartAsync();
        await using var account = await ConnectAsync(broker, name);
        await using var everyone = await ConnectAsync(broker, Everyone);
        foreach (var topic in Topics)
        {
            Assert.True(await everyone.TryPublishAsync(Plc.Root + topic, "x"));
        }

        await account.CatchUpAsync();
        await everyone.CatchUpAsync();
        Assert.Equal(Topics.Select(t => Plc.Root + t).Order(), everyone.HeardTopics.Order());
        Assert.Equal(allowed.Select(t => Plc.Root + t).Order(), account.HeardTopics.Order());
    }

    [Fact]
    public async Task Agent_UnderTheExampleTlsConfiguration_WorksAsTheNameOnItsCertificate()
    {
        await using var broker = await MosquittoBroker.StartAsync(new BrokerOptions { Example = Path.Combine(Config, "mosquitto-tls.example.conf"), Clients = Accounts });
        BusTls Tls(string name) => new(broker.Certificates!.CaFile, broker.Certificates.Client(name).File, broker.Certificates.Client(name).KeyFile);
        Task<Account> ComeAsync(string name) => Account.ConnectAsync(new() { Host = broker.Host, Port = broker.Port, ClientId = name, Tls = Tls(name) });
        using var line = new Line(parts, broker.Port);
        line.Configure(c => c["Broker"]!["Tls"] = new JsonObject { ["CaFile"] = Tls(Agent).CaFile, ["CertificateFile"] = Tls(Agent).CertificateFile, ["KeyFile"] = Tls(Agent).KeyFile });
        await using var plc = await ComeAsync("plc");
        await using var stranger = await ComeAsync("stranger");
        await using var agent = line.StartAgent();
        await plc.HearAsync(Plc.Root + "state", "\"ready\"");
        Assert.False(await stranger.TryPublishAsync(Plc.Root + "trigger", Trigger));
        Assert.True(await plc.TryPublishAsync(Plc.Root + "trigger", Trigger));
        await plc.HearAsync(Plc.Root + "verdict", "ACCEPT");
        await stranger.CatchUpAsync();

        Assert.Empty(stranger.HeardTopics);
        await Assert.ThrowsAsync<MessageBusException>(() => Account.ConnectAsync(new() { Host = broker.Host, Port = broker.Port, ClientId = "x", Tls = new(broker.Certificates!.CaFile, null, null) }));
        await Assert.ThrowsAsync<MessageBusException>(() => Account.ConnectAsync(new() { Host = broker.Host, Port = broker.Port, ClientId = "x" }));
    }

    private static string Password(string account) => account + " knows 17 secrets";

    private static async Task<MosquittoBroker> StartAsync() => await MosquittoBroker.StartAsync(new BrokerOptions
    {
        Users = Accounts.Append(Everyone).ToDictionary(a => a, Password),
        AccessControl = await File.ReadAllTextAsync(Path.Combine(Config, "mosquitto-acl.example")) + $"\nuser {Everyone}\ntopic readwrite #",
    });

    private static Task<Account> ConnectAsync(MosquittoBroker broker, string name) =>
        Account.ConnectAsync(new() { Host = broker.Host, Port = broker.Port, ClientId = name, UserName = name, Password = Password(name) });
}
