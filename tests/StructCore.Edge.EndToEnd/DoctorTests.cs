using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace StructCore.Tests;

/// <summary>The real <c>doctor</c> on real trouble: each failure is found, named with its remedy, and hides no other.</summary>
public sealed class DoctorTests(FittedParts parts)
{
    private const string Ok = "OK";
    private const string Warning = "WARNING";
    private const string Fail = "FAIL";
    private static readonly string[] Checks = ["configuration", "program", "clock", "permissions", "disk", "store", "banks", "updates", "cameras", "http", "broker"];

    [Fact]
    public async Task Doctor_GoodStation_EveryCheckIsWell()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        using var line = new Line(parts, broker.Port);
        var (code, findings) = await AskAsync(line);

        Assert.Equal(0, code);
        Assert.Equal(Checks, findings.Select(f => f.Check).Distinct());
        Assert.DoesNotContain(findings, f => f.Level == Fail);

        // That the clock is synchronised, and that this is not root, is up to the machine.
        Assert.All(findings.Where(f => f.Check is not ("clock" or "permissions" or "disk")), f => Assert.Equal(Ok, f.Level));
        Assert.All(["ONNX Runtime 1.", "libmosquitto 2.", "SQLite 3.", "OpenCV 4."], l => Has(findings, Ok, "program", l));
        Has(findings, Ok, "banks", "s/l/one: a blank part takes ");
        Has(findings, Ok, "broker", "a message to itself took ");
        Assert.False(File.Exists(line.StorePath));
    }

    [Fact]
    public async Task Doctor_BesideARunningAgent_LeavesItAlone()
    {
        await using var station = await RunningStation.StartAsync(parts);
        await station.Plc.TriggerAsync("a");
        await station.Plc.ResultAsync("a");
        station.Line.Configure(c => c["Cameras"]!.AsArray().Add(new JsonObject { ["Id"] = "usb", ["Kind"] = "opencv", ["Source"] = "0" }));
        var (code, findings) = await AskAsync(station.Line);
        await station.Plc.TriggerAsync("b");
        await station.Plc.VerdictAsync("b");

        Assert.Equal(0, code);
        Has(findings, Warning, "cameras", "Camera 'usb' is not tried: the running agent holds it");
        Has(findings, Ok, "store", "is sound: ");
        Assert.DoesNotContain(station.Plc.All("state"), s => s.GetProperty("state").GetString() == "offline");
        Assert.DoesNotContain("connection lost", station.Agent.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_ManyThingsWrong_FindsEachAndWhatToDo()
    {
        using var line = new Line(parts, LoopbackPort.Free());
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var password = Path.Combine(line.Folder, "password");
        await File.WriteAllTextAsync(password, "secret");
        Assert.True(Run("chmod", "604", password));
        await File.WriteAllTextAsync(line.StorePath, new string('x', 8192));
        var banks = Path.Combine(line.Folder, "banks");
        parts.WriteForeignBank(banks);
        line.Configure(c =>
        {
            c["Broker"]!["UserName"] = "agent";
            c["Broker"]!["PasswordFile"] = password;
            c["Banks"]!["Folder"] = banks;
            c["Models"]!["Backbone"] = "proc-r10";
            c["Evidence"] = new JsonObject { ["Folder"] = "/proc/evidence" };
            c["Http"] = new JsonObject { ["Enabled"] = true, ["Port"] = ((IPEndPoint)taken.LocalEndpoint).Port };
            c["Cameras"]![0]!["Source"] = "/nowhere";
            c["Cameras"]!.AsArray().Add(new JsonObject { ["Id"] = "film", ["Kind"] = "opencv", ["Source"] = "/nowhere.mp4" });
        });
        var (code, findings) = await AskAsync(line);

        Assert.Equal(1, code);
        Has(findings, Fail, "permissions", $"'{password}', or others than its owner write it. Run: chmod ");
        Has(findings, Fail, "permissions", "Evidence:Folder: '/proc' cannot be written");
        Has(findings, Fail, "store", $"'{line.StorePath}'");
        Has(findings, Fail, "banks", "s/l/one: Bank 'flange-v1' was fitted with backbone 'other-s14'");
        Has(findings, Fail, "cameras", "Camera 'folder': the folder '/nowhere' cannot be read");
        Has(findings, Fail, "cameras", "Camera 'film': ");
        Has(findings, Fail, "http", "the agent could not listen on 127.0.0.1:");
        Has(findings, Fail, "broker", "connection refused. Check that the broker runs");
    }

    [Fact]
    public async Task Doctor_NoBank_SaysHowToFitOne()
    {
        using var line = new Line(parts, LoopbackPort.Free());
        line.Configure(c => c["Banks"]!["Folder"] = "none");

        var (_, findings) = await AskAsync(line);
        Has(findings, Fail, "banks", "Fit one: structcore fit ");
        Has(findings, Fail, "permissions", "Banks:Folder: ");
    }

    [Fact]
    public async Task Doctor_WrongConfiguration_ListsAllErrorsAndStillLooksAtTheMachine()
    {
        using var line = new Line(parts, LoopbackPort.Free());
        line.Configure(c =>
        {
            c["Colour"] = "red";
            c["Broker"]!["Password"] = "secret";
        });
        var (code, findings) = await AskAsync(line);

        Assert.Equal(1, code);
        Has(findings, Fail, "configuration", "Colour: unknown key");
        Has(findings, Fail, "configuration", "Broker:Password: a secret does not belong into the configuration");
        Has(findings, Ok, "program", "libmosquitto");
        Assert.DoesNotContain(findings, f => f.Check == "broker");
    }

    [Theory]
    [InlineData("topic write sc/v1/s/l/one/#", "let this account read and write that topic", "did not send it back")]
    [InlineData("topic read sc/v1/s/l/one/#", "failed for user 'agent'", "agent/marker")]
    public async Task Doctor_AccessListRefuses_SaysWhichTopic(string rule, params string[] expected)
    {
        await using var broker = await MosquittoBroker.StartAsync(new BrokerOptions { Users = new Dictionary<string, string> { ["agent"] = "secret" }, AccessControl = $"user agent\n{rule}" });
        using var line = new Line(parts, broker.Port);
        var password = Path.Combine(line.Folder, "password");
        await File.WriteAllTextAsync(password, "secret");
        line.Configure(c =>
        {
            c["Broker"]!["UserName"] = "agent";
            c["Broker"]!["PasswordFile"] = password;
        });
        var (code, findings) = await AskAsync(line);

        Assert.Equal(1, code);
        var found = Assert.Single(findings, f => f.Check == "broker");
        Assert.Equal(Fail, found.Level);
        Assert.All(expected, e => Assert.Contains(e, found.Text, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Doctor_CertificatesNearTheirEnd_AreWarnedOf()
    {
        await using var broker = await MosquittoBroker.StartAsync(new BrokerOptions { Tls = true });
        using var line = new Line(parts, broker.Port);
        line.Configure(c => c["Broker"]!["Tls"] = new JsonObject { ["CaFile"] = broker.Certificates!.CaFile });
        var (code, findings) = await AskAsync(line);

        Assert.Equal(0, code);
        Has(findings, Warning, "broker", "Tls:CaFile '");
        Has(findings, Warning, "broker", $"certificate of 127.0.0.1:{broker.Port}: CN=broker, valid from ");
        Has(findings, Ok, "broker", "a message to itself took ");
    }

    [Fact]
    public async Task Doctor_DiskFull_SaysHowMuchIsNeeded()
    {
        using var line = new Line(parts, LoopbackPort.Free());
        var small = Directory.CreateDirectory(Path.Combine(line.Folder, "small")).FullName;
        Assert.SkipUnless(Environment.IsPrivilegedProcess && Run("mount", "-t", "tmpfs", "-o", "size=1m,nr_inodes=20", "tmpfs", small), "mounting a small disk needs root");
        try
        {
            line.Configure(c => c["Store"]!["Path"] = Path.Combine(small, "store.db"));
            var (_, findings) = await AskAsync(line);
            Has(findings, Fail, "disk", $"more files can be made at '{small}'");
        }
        finally
        {
            Run("umount", small);
        }
    }

    [Fact]
    public async Task Doctor_AsText_HasOneLinePerFindingAndACount()
    {
        using var line = new Line(parts, LoopbackPort.Free());
        var (code, output, error) = await Structcore.RunAsync("doctor", "--config", line.Configuration);

        Assert.Equal((1, ""), (code, error));
        Assert.Matches(@"(?m)^FAIL     broker         s/l/one: MQTT broker 127\.0\.0\.1:\d+: connection refused", output);
        Assert.Matches(@"(?m)^\d+ findings: 1 failed, \d warnings$", output);
    }

    private static bool Run(string tool, params string[] arguments)
    {
        using var process = Process.Start(tool, arguments);
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private static void Has(IReadOnlyList<Finding> findings, string level, string check, string text) =>
        Assert.True(findings.Any(f => f.Level == level && f.Check == check && f.Text.Contains(text, StringComparison.Ordinal)), $"No {level} of {check} with '{text}' in:\n{string.Join('\n', findings)}");

    private static async Task<(int Code, IReadOnlyList<Finding> Findings)> AskAsync(Line line)
    {
        var (code, output, error) = await Structcore.RunAsync("doctor", "--json", "--config", line.Configuration);
        Assert.Empty(error);
        using var document = JsonDocument.Parse(output);
        return (code, [.. document.RootElement.GetProperty("findings").EnumerateArray().Select(f => new Finding(f.GetProperty("check").GetString()!, f.GetProperty("level").GetString()!, f.GetProperty("text").GetString()!))]);
    }

    private sealed record Finding(string Check, string Level, string Text);
}
