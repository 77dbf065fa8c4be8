using StructCore.Edge.BankUpdates.Signing;
using StructCore.Edge.Storage;

namespace StructCore.Tests.BankUpdates.Activation;

/// <summary>A bank that decides and is watched.</summary>
public sealed class GuardTests
{
    [Fact]
    public async Task Guard_TooManyRejects_PutsTheFormerBankBackAndSaysWhy()
    {
        await using var line = await WithdrawnAsync();

        Assert.Equal(1, await line.VersionAsync());
        Assert.Equal([BankEventKind.Activated, BankEventKind.Withdrawn], line.History().Select(e => e.Kind));
        Assert.StartsWith("guard_shift: bank 'cap-v2' rejected", line.History()[1].Reason, StringComparison.Ordinal);
        Assert.Contains("\"guard\":", line.History()[1].Gates, StringComparison.Ordinal);
        Assert.Equal((1, false, 2), line.Standing() is { } s ? (s.Active.Version, s.OnProbation, s.HighestVersion) : default);
        Assert.Null(line.Standing()!.Previous);
    }

    [Fact]
    public async Task Withdrawn_VersionPublishedAgain_DoesNotComeBack()
    {
        await using var line = await WithdrawnAsync();
        await line.StartAsync();
        line.Publish("cap", line.Packages.Desired("cap", 2));
        var refused = await line.StageAsync("refused");

        Assert.StartsWith("withdrawn: 'cap-v2' was taken back here", refused.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, await line.VersionAsync());
    }

    [Fact]
    public async Task Withdrawn_WithAnOverride_ComesBackOnce()
    {
        await using var line = await WithdrawnAsync();
        var desired = line.Packages.Desired("cap", 2) with { Override = line.Override("cap", 2) };
        await line.StartAsync();
        line.Publish("cap", desired);
        await line.StageAsync("shadow");
        await line.InspectUntilAsync("guard", deviation: 0);
        await line.InspectUntilAsync("withdrawn");
        await line.StartAsync();
        line.Publish("cap", desired);
        var refused = await line.StageAsync("refused");

        Assert.Contains("The override in the message was used before", refused.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal("the new one was fitted on the wrong shift", Assert.Single(line.History(), e => e.Kind == BankEventKind.Overridden).Reason);
    }

    [Fact]
    public async Task Downgrade_WithAnOverride_IsTakenAndOnRecord()
    {
        await using var line = Quick();
        await line.StartAsync();
        line.Publish("cap", line.Sign("cap", 3));
        await line.StageAsync("done");
        line.Publish("cap", line.Sign("cap", 2) with { Override = line.Override("cap", 2) });
        await line.StageAsync("done", count: 2);

        Assert.Equal(2, await line.VersionAsync());
        var used = Assert.Single(line.History(), e => e.Kind == BankEventKind.Overridden);
        Assert.Equal(line.Packages.TrustKey.Id, Assert.Single(used.SignedBy));
        Assert.Equal(3, line.Standing()!.HighestVersion);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(4, false)]
    public async Task Override_OfAnotherVersionOrKey_LetsNothingThrough(int version, bool byBankKey)
    {
        await using var line = Quick();
        await line.StartAsync();
        line.Publish("cap", line.Sign("cap", 3));
        await line.StageAsync("done");
        var document = line.Override("cap", version);
        line.Publish("cap", line.Sign("cap", 2) with { Override = byBankKey ? SignedDocument.Sign(document.Payload, line.Packages.BankKey) : document });

        Assert.StartsWith(byBankKey ? "wrong_key:" : "downgrade:", (await line.StageAsync("refused")).GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(3, await line.VersionAsync());
    }

    [Fact]
    public async Task Guard_AfterARestart_BeginsAgainAndStillSwapsBack()
    {
        await using var line = new UpdateLine();
        (line.Options.ShadowInspections, line.Options.GuardInspections) = (0, 3);
        await line.StartAsync();
        line.Publish("cap", line.Sign("cap", 2, UpdateLine.Strict));
        await line.StageAsync("guard");
        await line.StartAsync();
        await line.StageAsync("guard");
        await line.InspectUntilAsync("withdrawn");

        Assert.Equal(1, await line.VersionAsync());
    }

    [Fact]
    public async Task Update_OfACategoryOnProbation_WaitsForItsEnd()
    {
        await using var line = new UpdateLine();
        line.Options.ShadowInspections = 0;
        await line.StartAsync();
        line.Publish("cap", line.Sign("cap", 2));
        await line.StageAsync("guard");
        line.Publish("cap", line.Sign("cap", 3));
        line.Publish("nut", line.Sign("nut", 2));
        await line.StageAsync("guard", "nut");
        Assert.Equal(2, line.Standing()!.Active.Version);
        await line.InspectAsync();
        await line.InspectAsync();
        await line.StageAsync("guard", version: 3);

        Assert.Equal((3, 2), (line.Standing()!.Active.Version, line.Standing()!.Previous!.Version));
    }

    private static UpdateLine Quick()
    {
        var line = new UpdateLine();
        (line.Options.ShadowInspections, line.Options.GuardInspections) = (0, 0);
        return line;
    }

    private static async Task<UpdateLine> WithdrawnAsync()
    {
        var line = await new UpdateLine().StartAsync();
        line.Publish("cap", line.Sign("cap", 2, UpdateLine.Strict));

        // Nothing to see in the shadow, and a shift after it.
        await line.StageAsync("shadow");
        await line.InspectUntilAsync("guard", deviation: 0);
        await line.InspectUntilAsync("withdrawn");
        return line;
    }
}
