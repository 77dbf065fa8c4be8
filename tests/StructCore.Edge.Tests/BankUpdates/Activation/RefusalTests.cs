using System.Text;
using StructCore.Edge.BankUpdates.Packages;
using StructCore.Edge.BankUpdates.Signing;
using StructCore.Edge.Storage;
using StructCore.Tests.BankUpdates.Signing;
using StructCore.Tests.Fakes;

namespace StructCore.Tests.BankUpdates.Activation;

/// <summary>What a station does not take: the old bank goes on, and <c>update/state</c> and the history say why.</summary>
public sealed class RefusalTests
{
    [Fact]
    public Task Stranger_WritesSomething_IsMalformed() => RefuseAsync("malformed", _ => Encoding.UTF8.GetBytes("""{"give": "me your banks"}"""));

    [Fact]
    public Task Key_OfSomebodyElse_IsWrong() => RefuseAsync("wrong_key", line =>
    {
        using var stranger = SigningKey.Create();
        return line.Sign("cap", 2, keys: stranger).ToJson();
    });

    [Fact]
    public Task Signature_OfOtherBytes_IsBad() => RefuseAsync("bad_signature", line =>
    {
        var (second, third) = (line.Sign("cap", 2), line.Sign("cap", 3));
        return (third with { Release = second.Release with { Signatures = third.Release.Signatures } }).ToJson();
    });

    [Fact]
    public Task Release_PastItsTime_IsExpired() => RefuseAsync("expired", line => line.Sign("cap", 2, change: d => d with { Expires = TestTrust.Start.AddHours(1) }).ToJson());

    [Fact]
    public Task Trust_PastItsTime_TakesNothing() => RefuseAsync("trust_expired", line =>
    {
        line.Time.StepWallClock(TimeSpan.FromDays(400));
        return line.Sign("cap", 2).ToJson();
    });

    [Fact]
    public Task Release_OfAnotherCategory_IsRefused() => RefuseAsync("wrong_category", line => line.Sign("nut", 2).ToJson());

    [Fact]
    public Task Version_BelowTheActiveOne_IsADowngrade() => RefuseAsync("downgrade", line => line.Sign("cap", 1).ToJson());

    [Fact]
    public Task Agent_OlderThanAskedFor_IsTooOld() => RefuseAsync("agent_too_old", line => line.Sign("cap", 2, change: d => d with { MinimumAgent = "99.0.0" }).ToJson());

    [Fact]
    public Task Backbone_OfAnotherFile_IsWrong() => RefuseAsync("wrong_backbone", line => line.Sign("cap", 2, change: d => d with { Backbone = d.Backbone with { FuseSha256 = new string('d', 64) } }).ToJson());

    [Fact]
    public Task Parity_OnAMachineThatComputesDifferently_Fails() => RefuseAsync("parity_failed", line =>
        line.Sign("cap", 2, change: d => d with { Parity = d.Parity with { Cases = [.. d.Parity.Cases.Select(c => c with { Score = c.Score + 1 })] } }).ToJson());

    [Fact]
    public Task Package_WithAnotherByte_IsDamagedAndDeleted() => RefuseAsync("damaged", line =>
    {
        var desired = line.Sign("cap", 2);
        var path = line.Packages.PathOf("cap", 2);
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        return (desired with { Package = PackageFile.Of(path) }).ToJson();
    });

    [Fact]
    public Task Package_LargerThanItsRelease_IsTooLarge() => RefuseAsync("too_large", line => (line.Sign("cap", 2) is var d ? d with { Package = d.Package with { Bytes = 100_000_000 } } : d).ToJson());

    [Fact]
    public async Task Shadow_RejectingWhatTheActiveBankAccepts_IsRefused()
    {
        await using var line = await new UpdateLine().StartAsync();
        line.Publish("cap", line.Sign("cap", 2, UpdateLine.Strict));
        await line.StageAsync("shadow");
        await line.InspectUntilAsync("refused");

        Assert.StartsWith("shadow_shift:", Assert.Single(line.History()).Reason, StringComparison.Ordinal);
        Assert.NotNull(line.History()[0].Gates);
        Assert.Equal(1, await line.VersionAsync());
        Assert.Empty(Directory.GetFiles(line.Incoming));
    }

    [Fact]
    public async Task Category_TheStationIsNotConfiguredFor_IsRefused()
    {
        await using var line = await new UpdateLine().StartAsync(s => s.Options.Categories = ["cap"]);
        line.Publish("nut", line.Sign("nut", 2));

        Assert.StartsWith("category_not_configured:", (await line.StageAsync("refused", "nut")).GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Desired_ReplayedOldMessage_IsADowngrade()
    {
        await using var line = new UpdateLine();
        (line.Options.ShadowInspections, line.Options.GuardInspections) = (0, 0);
        await line.StartAsync();
        var (second, third) = (line.Sign("cap", 2), line.Sign("cap", 3));
        line.Publish("cap", second);
        await line.StageAsync("done");
        line.Publish("cap", third);
        await line.StageAsync("done", count: 2);
        line.Publish("cap", second);
        var refused = await line.StageAsync("refused");

        Assert.StartsWith("downgrade: 'cap-v2' is older than version 3", refused.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal((2, 3), (refused.GetProperty("version").GetInt32(), await line.VersionAsync()));
    }

    [Fact]
    public async Task HighestVersion_OfARefusedPackage_IsRemembered()
    {
        await using var line = await new UpdateLine().StartAsync();
        line.Publish("cap", line.Sign("cap", 5, UpdateLine.Strict));
        await line.StageAsync("shadow");
        await line.InspectUntilAsync("refused");
        await line.StartAsync();
        line.Publish("cap", line.Sign("cap", 4));

        Assert.StartsWith("downgrade:", (await line.StageAsync("refused")).GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusal_SentAgainAfterEveryStart_IsOneLineOfHistory()
    {
        await using var line = new UpdateLine();
        var desired = line.Sign("cap", 2, change: d => d with { Expires = TestTrust.Start.AddHours(1) });
        for (var start = 0; start < 3; start++)
        {
            await line.StartAsync();
            line.Publish("cap", desired);
            await line.StageAsync("refused");
        }

        Assert.Equal((BankEventKind.Refused, 2), Assert.Single(line.History()) is var e ? (e.Kind, e.Version) : default);
    }

    [Fact]
    public async Task Revoked_KeyAfterTheTrustChanged_CountsNoMore()
    {
        await using var line = await new UpdateLine().StartAsync();
        var next = TestTrust.Document(2, [line.Packages.TrustKey], [line.Packages.TrustKey]) with { Revoked = [line.Packages.BankKey.Id] };
        line.Station.Broker.Send(StationHarness.Root + "update/trust", TrustChain.ToJson([line.Packages.Trust.Document, SignedDocument.Sign(next, line.Packages.TrustKey)]));
        await line.Station.Broker.WaitAsync("update/state", b => b.GetProperty("kind").GetString() == "trust" && b.GetProperty("stage").GetString() == "done");
        line.Publish("cap", line.Sign("cap", 2));

        Assert.StartsWith("revoked_key:", (await line.StageAsync("refused")).GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal((BankEventKind.TrustChanged, 2), line.Store.BankEvents(null, null, 10).Where(e => e.Kind == BankEventKind.TrustChanged).Select(e => (e.Kind, e.Version)).Single());
    }

    [Fact]
    public async Task Trust_ThatBringsTheMissingKey_LetsTheRefusedBankIn()
    {
        await using var line = await new UpdateLine().StartAsync();
        using var another = SigningKey.Create();
        line.Publish("cap", line.Sign("cap", 2, keys: another));
        await line.StageAsync("refused");
        var next = TestTrust.Document(2, [line.Packages.TrustKey], [line.Packages.BankKey, another]);
        line.Station.Broker.Send(StationHarness.Root + "update/trust", TrustChain.ToJson([SignedDocument.Sign(next, line.Packages.TrustKey)]));

        await line.InspectUntilAsync("done");
        await line.StartAsync();

        Assert.Equal(2, await line.VersionAsync());
        Assert.Equal(2, line.Station.Shared.Updates.Trust!.Current.Version);
    }

    [Fact]
    public async Task Trust_ThatRevokesTheKeyOfABankThatWaitsForParts_KeepsItOut()
    {
        await using var line = await new UpdateLine().StartAsync();
        using var another = SigningKey.Create();
        line.Publish("cap", line.Sign("cap", 2));
        await line.StageAsync("shadow");
        var next = TestTrust.Document(2, [line.Packages.TrustKey], [another]) with { Revoked = [line.Packages.BankKey.Id] };
        line.Station.Broker.Send(StationHarness.Root + "update/trust", TrustChain.ToJson([SignedDocument.Sign(next, line.Packages.TrustKey)]));
        await line.Station.Broker.WaitAsync("update/state", b => b.GetProperty("kind").GetString() == "trust" && b.GetProperty("stage").GetString() == "done");

        var refused = await line.InspectUntilAsync("refused");

        Assert.StartsWith("revoked_key:", refused.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, await line.VersionAsync());
    }

    [Fact]
    public async Task Trust_SignedByNoHolder_ChangesNothing()
    {
        await using var line = await new UpdateLine().StartAsync();
        using var stranger = SigningKey.Create();
        line.Station.Broker.Send(StationHarness.Root + "update/trust", TrustChain.ToJson([SignedDocument.Sign(TestTrust.Document(2, [stranger], [stranger]), stranger)]));
        var refused = await line.Station.Broker.WaitAsync("update/state", b => b.GetProperty("kind").GetString() == "trust" && b.GetProperty("stage").GetString() == "refused");

        Assert.StartsWith("wrong_key:", refused.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Null(line.Store.TrustDocument());
    }

    [Fact]
    public async Task Store_ThatFailsAtTheSwap_LeavesTheOldBankAndIsTriedAgain()
    {
        await using var line = await new UpdateLine().StartAsync();
        line.Publish("cap", line.Sign("cap", 2));
        await line.StageAsync("shadow");
        line.Store.StandingFailure = "disk full";
        var retry = line.Time.WaitBegunAsync(UpdateLine.FirstRetry);
        Assert.Contains("disk full", (await line.InspectUntilAsync("waiting")).GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, await line.VersionAsync());
        line.Store.StandingFailure = null;
        await retry.WaitAsync(TimeSpan.FromSeconds(20));
        line.Time.Advance(UpdateLine.FirstRetry);
        await line.InspectUntilAsync("done");

        Assert.Equal(2, await line.VersionAsync());
    }

    private static async Task RefuseAsync(string code, Func<UpdateLine, byte[]> message)
    {
        await using var line = await new UpdateLine().StartAsync();
        line.Station.Broker.Send(line.Topic("cap", "desired"), message(line));
        var refused = await line.StageAsync("refused");

        Assert.StartsWith(code + ": ", refused.GetProperty("reason").GetString(), StringComparison.Ordinal);
        var happened = Assert.Single(line.History());
        Assert.Equal(BankEventKind.Refused, happened.Kind);
        Assert.StartsWith(code + ": ", happened.Reason, StringComparison.Ordinal);
        Assert.Equal(1, (await line.InspectAsync()).GetProperty("bank").GetProperty("version").GetInt32());
        Assert.Empty(Directory.Exists(line.Incoming) ? Directory.GetFiles(line.Incoming) : []);
        Assert.Equal(["cap-v1.scbank", "nut-v1.scbank"], Directory.GetFiles(line.Banks).Select(Path.GetFileName).Order());
    }
}
