using System.Text.Json;
using StructCore.Edge.Storage;
using StructCore.Tests.Fakes;

namespace StructCore.Tests.BankUpdates.Activation;

/// <summary><c>command/rollback</c>.</summary>
public sealed class RollbackTests
{
    [Fact]
    public async Task Rollback_ThereAndBack_ChangesWhatDecides()
    {
        await using var line = await UpdatedAsync();
        var back = await RollBackAsync(line, """{"category": "cap"}""");
        Assert.Equal(1, await line.VersionAsync());
        var forth = await RollBackAsync(line, """{"category": "cap"}""", count: 2);

        Assert.Equal(2, await line.VersionAsync());
        Assert.Equal(("done", "cap-v1", "cap-v2"), (back.GetProperty("status").GetString(), back.GetProperty("result").GetProperty("active").GetProperty("id").GetString(), back.GetProperty("result").GetProperty("previous").GetProperty("id").GetString()));
        Assert.Equal("cap-v2", forth.GetProperty("result").GetProperty("active").GetProperty("id").GetString());
        Assert.Equal([(BankEventKind.RolledBack, 2), (BankEventKind.RolledBack, 1)], line.History().Where(e => e.Kind == BankEventKind.RolledBack).Select(e => (e.Kind, e.Version)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RolledBack_Version_DoesNotComeBackWithTheRetainedMessage(bool restarted)
    {
        await using var line = await UpdatedAsync();
        await RollBackAsync(line, """{"category": "cap"}""");
        if (restarted)
        {
            await line.StartAsync();
        }

        line.Publish("cap", line.Packages.Desired("cap", 2));

        Assert.StartsWith("withdrawn: 'cap-v2' was taken back here", (await line.StageAsync("refused")).GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, await line.VersionAsync());
    }

    [Fact]
    public async Task Rollback_OnProbation_EndsTheGuard()
    {
        await using var line = new UpdateLine();
        line.Options.ShadowInspections = 0;
        await line.StartAsync();
        line.Publish("cap", line.Sign("cap", 2));
        await line.StageAsync("guard");
        await RollBackAsync(line, """{"category": "cap"}""");
        await line.InspectAsync();
        await line.InspectAsync();
        line.Publish("cap", line.Sign("cap", 3));
        await line.StageAsync("guard", version: 3);

        Assert.DoesNotContain(line.History(), e => e.Kind is BankEventKind.Confirmed or BankEventKind.Withdrawn);
    }

    [Theory]
    [InlineData("{}", "invalid", "missing_category: rollback needs the 'category' as text; this station has cap, nut")]
    [InlineData("""{"category": 7}""", "invalid", "missing_category:")]
    [InlineData("""{"category": "bolt"}""", "invalid", "unknown_category:")]
    [InlineData("""{"category": "nut"}""", "failed", "nothing_to_roll_back:")]
    public async Task Rollback_ThatCannotBe_SaysWhy(string arguments, string status, string reason)
    {
        await using var line = await UpdatedAsync();
        var reply = await RollBackAsync(line, arguments);

        Assert.Equal(status, reply.GetProperty("status").GetString());
        Assert.StartsWith(reason, reply.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, await line.VersionAsync());
    }

    [Fact]
    public async Task Rollback_ToADamagedFile_IsRefused()
    {
        await using var line = await UpdatedAsync();
        await line.StartAsync();
        File.WriteAllText(Path.Combine(line.Banks, "cap-v1.scbank"), "rot");
        var reply = await RollBackAsync(line, """{"category": "cap"}""");

        Assert.StartsWith("bank_unreadable:", reply.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, await line.VersionAsync());
    }

    [Fact]
    public async Task Reload_WithANewerFileInTheFolder_KeepsWhatTheStandingNames()
    {
        await using var line = await UpdatedAsync();
        File.Copy(Path.Combine(line.Banks, "cap-v2.scbank"), Path.Combine(line.Banks, "cap-v9.scbank"));
        var reply = await AskAsync(line, "reload", "");

        Assert.Equal("done", reply.GetProperty("status").GetString());
        Assert.Equal(["cap-v2", "nut-v1"], reply.GetProperty("result").GetProperty("banks").EnumerateArray().Select(b => b.GetString()));
    }

    private static Task<JsonElement> RollBackAsync(UpdateLine line, string arguments, int count = 1) => AskAsync(line, "rollback", arguments, count);

    private static Task<JsonElement> AskAsync(UpdateLine line, string name, string arguments, int count = 1)
    {
        line.Station.Broker.Send($"{StationHarness.Root}command/{name}", arguments, m => m with { ResponseTopic = "tests/answers" });
        return line.Station.Broker.WaitAsync("answers", r => r.GetProperty("command").GetString() == name, count);
    }

    private static async Task<UpdateLine> UpdatedAsync()
    {
        var line = new UpdateLine();
        (line.Options.ShadowInspections, line.Options.GuardInspections) = (0, 0);
        await line.StartAsync();
        line.Publish("cap", line.Sign("cap", 2));
        await line.StageAsync("done");
        (line.Options.ShadowInspections, line.Options.GuardInspections) = (0, 2);
        return line;
    }
}
