using StructCore.Edge.Storage;
using StructCore.Tests.Fakes;

namespace StructCore.Tests.BankUpdates.Activation;

/// <summary>A desired bank's way from the message to deciding about parts.</summary>
public sealed class BankUpdateTests
{
    [Fact]
    public async Task Desired_GoodPackage_DecidesAfterEveryGateAndIsConfirmed()
    {
        await using var line = await new UpdateLine().StartAsync();
        var desired = line.Sign("cap", 2);
        line.Publish("cap", desired);
        await line.StageAsync("shadow");
        Assert.Equal(1, (await line.InspectAsync()).GetProperty("bank").GetProperty("version").GetInt32());
        Assert.Equal(1, (await line.InspectAsync()).GetProperty("bank").GetProperty("version").GetInt32());
        await line.StageAsync("guard");
        Assert.True(line.Standing()!.OnProbation);
        Assert.Equal(2, (await line.InspectAsync()).GetProperty("bank").GetProperty("version").GetInt32());
        Assert.Equal(2, (await line.InspectAsync()).GetProperty("bank").GetProperty("version").GetInt32());

        var done = await line.StageAsync("done");

        Assert.Equal(2, done.GetProperty("shadow").GetProperty("inspections").GetInt32());
        Assert.Equal(2, done.GetProperty("guard").GetProperty("inspections").GetInt32());
        Assert.Equal(1, done.GetProperty("parity").GetProperty("images").GetArrayLength());
        Assert.Equal(line.Packages.BankKey.Id, Assert.Single(done.GetProperty("signed_by").EnumerateArray()).GetString());
        Assert.Equal(["verifying", "downloading", "verifying", "parity", "shadow", "guard", "done"], Stages(line));
        Assert.Equal([BankEventKind.Activated, BankEventKind.Confirmed], line.History().Select(e => e.Kind));
        Assert.Equal((2, desired.Package.Sha256, 1), (line.Standing()!.Active.Version, line.Standing()!.Active.Sha256, line.Standing()!.Previous!.Version));
        Assert.True(File.Exists(Path.Combine(line.Banks, "cap-v2.scbank")));
        Assert.Empty(Directory.GetFiles(line.Incoming));
    }

    [Fact]
    public async Task Desired_Again_IsAnsweredAndNotFetchedAgain()
    {
        await using var line = await ActivatedAsync(2);
        line.Publish("cap", line.Packages.Desired("cap", 2));
        await line.StageAsync("done", count: 2);

        Assert.Equal(1, line.Source.Fetched);
        Assert.Equal(2, line.History().Count);
    }

    [Fact]
    public async Task Desired_AgainAfterARestart_IsDoneWithoutFetching()
    {
        await using var line = await ActivatedAsync(2);
        await line.StartAsync();
        line.Publish("cap", line.Packages.Desired("cap", 2));
        await line.StageAsync("done");

        Assert.Equal((1, 2), (line.Source.Fetched, await line.VersionAsync()));
    }

    [Fact]
    public async Task Desired_OfTheActiveBankLongAfterItsTime_IsDone()
    {
        await using var line = await ActivatedAsync(2);
        line.Time.StepWallClock(TimeSpan.FromDays(800));
        await line.StartAsync();
        line.Publish("cap", line.Packages.Desired("cap", 2));

        await line.StageAsync("done");
    }

    [Fact]
    public async Task Desired_NewerOneWhileFetching_TakesItsPlace()
    {
        await using var line = await new UpdateLine().StartAsync();
        line.Source.Until = new TaskCompletionSource().Task;
        line.Publish("cap", line.Sign("cap", 2));
        await line.Source.Asked.WaitAsync();
        line.Source.Until = null;
        line.Publish("cap", line.Sign("cap", 3));
        await line.InspectUntilAsync("done");

        Assert.Equal(3, await line.VersionAsync());
        Assert.False(File.Exists(Path.Combine(line.Banks, "cap-v2.scbank")));
    }

    [Fact]
    public async Task Desired_NewerOneInTheShadow_TakesItsPlace()
    {
        await using var line = await new UpdateLine().StartAsync();
        line.Publish("cap", line.Sign("cap", 2));
        await line.StageAsync("shadow");
        line.Publish("cap", line.Sign("cap", 3));
        await line.StageAsync("shadow", version: 3);
        await line.InspectUntilAsync("done");

        Assert.Equal(3, await line.VersionAsync());
        Assert.Equal([3, 3], line.History().Select(e => e.Version));
        Assert.Empty(Directory.GetFiles(line.Incoming));
    }

    [Fact]
    public async Task Desired_ClearedInTheShadow_IsGivenUp()
    {
        await using var line = await new UpdateLine().StartAsync();
        line.Publish("cap", line.Sign("cap", 2));
        await line.StageAsync("shadow");
        line.Station.Broker.Send(line.Topic("cap", "desired"), "");
        var idle = await line.StageAsync("idle");

        Assert.StartsWith("superseded:", idle.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, await line.VersionAsync());
        Assert.Equal(1, await line.VersionAsync());
        Assert.Equal(1, await line.VersionAsync());
    }

    [Fact]
    public async Task Package_NotThere_IsTriedAgainUntilItIs()
    {
        await using var line = await new UpdateLine().StartAsync();
        line.Source.Down = true;
        var retry = line.Time.WaitBegunAsync(UpdateLine.FirstRetry);
        line.Publish("cap", line.Sign("cap", 2));
        var waiting = await line.StageAsync("waiting");
        Assert.StartsWith("not_available:", waiting.GetProperty("reason").GetString(), StringComparison.Ordinal);
        line.Source.Down = false;
        await retry.WaitAsync(TimeSpan.FromSeconds(20));
        line.Time.Advance(UpdateLine.FirstRetry);
        await line.StageAsync("shadow");
        await line.InspectUntilAsync("done");

        Assert.Equal(2, line.Source.Fetched);
        Assert.DoesNotContain(line.History(), e => e.Kind == BankEventKind.Refused);
    }

    [Theory]
    [InlineData("downloading")]
    [InlineData("shadow")]
    [InlineData("guard")]
    public async Task Restart_InEveryStage_GoesOnToTheEnd(string stage)
    {
        await using var line = await new UpdateLine().StartAsync();
        var never = new TaskCompletionSource();
        line.Source.Until = stage == "downloading" ? never.Task : null;
        var desired = line.Sign("cap", 2);
        line.Publish("cap", desired);
        await line.Source.Asked.WaitAsync();
        if (stage == "guard")
        {
            await line.InspectUntilAsync(stage);
        }
        else
        {
            await line.StageAsync(stage);
        }

        await line.StopAsync();
        line.Source.Until = null;
        await line.StartAsync();
        line.Publish("cap", desired);
        await line.InspectUntilAsync("done");

        Assert.Equal(2, await line.VersionAsync());
        Assert.Equal(stage == "downloading" ? 2 : 1, line.Source.Fetched);
        Assert.False(line.Standing()!.OnProbation);
        Assert.Equal([BankEventKind.Activated, BankEventKind.Confirmed], line.History().Select(e => e.Kind));
    }

    [Fact]
    public async Task NewCategory_ArrivesWithRoutingAndCalibrationAndIsJudged()
    {
        await using var line = await new UpdateLine().StartAsync();
        File.Delete(Path.Combine(line.Banks, "nut-v1.scbank"));
        await line.StartAsync();
        Assert.Equal("cap", (await line.InspectAsync(FakeExtractor.Nut)).GetProperty("category").GetString());
        line.Publish("nut", line.Sign("nut", 5));
        await line.StageAsync("guard", "nut");

        var verdict = await line.InspectAsync(FakeExtractor.Nut);
        await line.InspectUntilAsync("done", "nut");

        Assert.Equal(("nut", "ACCEPT", "nut-v5"), (verdict.GetProperty("category").GetString(), verdict.GetProperty("verdict").GetString(), verdict.GetProperty("bank").GetProperty("id").GetString()));
        Assert.Null(line.Standing("nut")!.Previous);
    }

    [Fact]
    public async Task NewCategory_RejectingItsParts_IsNoCategoryAgainAlsoAfterARestart()
    {
        await using var line = await new UpdateLine().StartAsync();
        File.Delete(Path.Combine(line.Banks, "nut-v1.scbank"));
        await line.StartAsync();
        line.Publish("nut", line.Sign("nut", 5, UpdateLine.Strict));
        await line.StageAsync("guard", "nut");
        await line.InspectUntilAsync("withdrawn", "nut");
        Assert.Equal("cap", (await line.InspectAsync(FakeExtractor.Nut)).GetProperty("category").GetString());
        await line.StartAsync();

        Assert.Equal("cap", (await line.InspectAsync(FakeExtractor.Nut)).GetProperty("category").GetString());
        Assert.True(line.Standing("nut")!.Dormant);
    }

    [Fact]
    public async Task Shadow_OfBothBanks_LeavesTheVerdictsToTheActiveOne()
    {
        await using var line = new UpdateLine();
        line.Options.MaxRejectShift = 1;
        await line.StartAsync();
        line.Publish("cap", line.Sign("cap", 2, UpdateLine.Strict));
        await line.StageAsync("shadow");
        var verdict = await line.InspectAsync();
        await line.InspectAsync();
        var shadow = (await line.StageAsync("guard")).GetProperty("shadow");

        Assert.Equal(("ACCEPT", 1), (verdict.GetProperty("verdict").GetString(), verdict.GetProperty("bank").GetProperty("version").GetInt32()));
        Assert.Equal((0, 2, 2), (shadow.GetProperty("active_rejects").GetInt32(), shadow.GetProperty("candidate_rejects").GetInt32(), shadow.GetProperty("changes").GetInt32()));
    }

    [Fact]
    public async Task BankState_AtEveryChange_NamesActiveCandidateAndPrevious()
    {
        await using var line = await new UpdateLine().StartAsync();
        line.Publish("cap", line.Sign("cap", 2));
        var candidate = await line.Station.Broker.WaitAsync("bank/cap/state", b => b.TryGetProperty("candidate", out _));
        await line.InspectUntilAsync("done");
        var done = await line.Station.Broker.WaitAsync("bank/cap/state", b => b.GetProperty("active").GetProperty("version").GetInt32() == 2 && !b.GetProperty("on_probation").GetBoolean());
        var said = line.Station.Broker.Published("bank/cap/state").Count;
        line.Station.Broker.Drop();
        await line.Station.AdvanceUntilAsync(line.Station.Broker.WaitAsync("bank/cap/state", count: said + 1));

        Assert.Equal(("cap-v1", "cap-v2"), (candidate.GetProperty("active").GetProperty("id").GetString(), candidate.GetProperty("candidate").GetProperty("id").GetString()));
        Assert.Equal("cap-v1", done.GetProperty("previous").GetProperty("id").GetString());
        Assert.All(line.Station.Broker.Published("bank/cap/state"), m => Assert.True(m.Retain));
        Assert.All(line.Station.Broker.Published("update/state"), m => Assert.True(m.Retain));
    }

    [Fact]
    public async Task Versions_BeyondThoseToKeep_AreDeletedUnlessAStandingNamesThem()
    {
        await using var line = new UpdateLine();
        (line.Options.KeepVersions, line.Options.ShadowInspections, line.Options.GuardInspections) = (2, 0, 0);
        await line.StartAsync();
        line.Store.SaveStanding(new("plant/line/other", "cap", new("cap-v2", 2, "x"), null, 2, line.Time.GetUtcNow()), null);
        for (var version = 3; version <= 6; version++)
        {
            line.Publish("cap", line.Sign("cap", version));
            await line.StageAsync("done", count: version - 2);
            if (version == 3)
            {
                File.WriteAllText(Path.Combine(line.Banks, "cap-v2.scbank"), "another station's");
            }
        }

        Assert.Equal(["cap-v2.scbank", "cap-v5.scbank", "cap-v6.scbank", "nut-v1.scbank"], Directory.GetFiles(line.Banks).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Station_WithoutTrust_SubscribesToNothing()
    {
        await using var station = await new StationHarness().StartAsync();

        Assert.DoesNotContain(station.Broker.Subscriptions, s => s.Contains("/bank/", StringComparison.Ordinal) || s.Contains("/update/", StringComparison.Ordinal));
        Assert.Empty(station.Broker.Published("update/state"));
    }

    [Fact]
    public async Task Broker_ThatAllowsNoUpdates_DoesNotKeepTheStationFromWorking()
    {
        await using var line = await new UpdateLine().StartAsync(s => s.Broker.Forbidden = t => t.Contains("/bank/", StringComparison.Ordinal));

        Assert.Equal(1, await line.VersionAsync());
    }

    [Fact]
    public async Task TwoStations_OfOneAgent_ShareFolderAndDownloadAndDecideForThemselves()
    {
        await using var line = await new UpdateLine().StartAsync();
        await using var other = await TwoAsync(line);
        var desired = line.Sign("cap", 2);
        line.Publish("cap", desired);
        await line.InspectUntilAsync("done");
        other.Trigger("before", root: "sc/v1/plant/line/two/");
        Assert.Equal("cap-v1", (await other.VerdictAsync("before")).GetProperty("bank").GetProperty("id").GetString());
        other.Broker.Send("sc/v1/plant/line/two/bank/cap/desired", desired.ToJson());
        await other.Broker.WaitAsync("update/state", b => b.GetProperty("stage").GetString() == "shadow");

        Assert.Equal((1, 2), (line.Source.Fetched, await line.VersionAsync()));
        Assert.Equal(1, line.Store.BankStandings().Single(s => s.Station == "plant/line/two").Active.Version);
    }

    [Fact]
    public async Task File_MovedInForOneStation_DoesNotDecideAtAnotherAfterARestart()
    {
        await using var line = await new UpdateLine().StartAsync();
        await using (await TwoAsync(line))
        {
            line.Publish("cap", line.Sign("cap", 2));
            await line.InspectUntilAsync("done");

            // It looks like a cap, and comes first where both are as near.
            line.Publish("bolt", line.Sign("bolt", 1));
            await line.StageAsync("guard", "bolt");
        }

        await using var again = await TwoAsync(line);

        Assert.Equal(["cap-v1", "nut-v1"], again.Station.Banks.Banks.Select(b => b.Manifest.Id));
        Assert.Equal(["bolt-v1", "cap-v2", "nut-v1"], line.Station.Station.Banks.Banks.Select(b => b.Manifest.Id));
    }

    [Fact]
    public async Task Updates_OfAProductThatIsNotMade_HoldUpNoOther()
    {
        await using var line = await new UpdateLine().StartAsync();
        line.Publish("nut", line.Sign("nut", 2));
        await line.StageAsync("shadow", "nut");

        line.Publish("cap", line.Sign("cap", 2));
        await line.InspectUntilAsync("done");
        Assert.Equal("cap-v2", line.Standing()!.Active.Id);
        Assert.Equal("nut-v1", line.Standing("nut")!.Active.Id);

        await line.InspectUntilAsync("done", "nut");
        Assert.Equal(["cap-v2", "nut-v2"], line.Station.Station.Banks.Banks.Select(b => b.Manifest.Id));
    }

    [Fact]
    public async Task Swap_WhileAPartIsJudged_ReachesOnlyTheNext()
    {
        await using var line = new UpdateLine();
        line.Options.ShadowInspections = 0;
        await line.StartAsync();
        using var hold = new ManualResetEventSlim();
        var desired = line.Sign("cap", 2);
        line.Station.Extractor.During = _ =>
        {
            // Parity takes the extractor too.
            line.Station.Extractor.During = null;
            hold.Wait();
        };
        line.Station.Trigger("a");
        await line.Station.AckAsync("a", "accepted");
        await line.Station.Camera.Begun.WaitAsync();
        line.Publish("cap", desired);
        await line.StageAsync("parity");
        hold.Set();

        Assert.Equal(1, (await line.Station.VerdictAsync("a")).GetProperty("bank").GetProperty("version").GetInt32());
        await line.StageAsync("guard");
        Assert.Equal(2, await line.VersionAsync());
    }

    // Another station of the same agent.
    private static async Task<StationHarness> TwoAsync(UpdateLine line)
    {
        var station = new StationHarness { Time = line.Time, Store = line.Store, BankFolder = line.Banks, BeginsFromFolder = true, Updates = line.Options, SharedUpdates = line.Station.Shared.Updates };
        station.Options.Id = "two";
        return await station.StartAsync();
    }

    private static async Task<UpdateLine> ActivatedAsync(int version)
    {
        var line = await new UpdateLine().StartAsync();
        line.Publish("cap", line.Sign("cap", version));
        await line.InspectUntilAsync("done");
        return line;
    }

    private static IEnumerable<string> Stages(UpdateLine line)
    {
        string? last = null;
        foreach (var stage in line.Station.Broker.Bodies("update/state").Where(b => b.TryGetProperty("category", out _)).Select(b => b.GetProperty("stage").GetString()!))
        {
            if (stage != last)
            {
                yield return last = stage;
            }
        }
    }
}
