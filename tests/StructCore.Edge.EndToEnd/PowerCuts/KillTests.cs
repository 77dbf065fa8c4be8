using System.Text.Json;
using StructCore.Edge.BankUpdates.Signing;
using StructCore.Tests.Faults;

namespace StructCore.Tests.PowerCuts;

/// <summary>A real process is killed in the middle of an update and started again.</summary>
[Collection(PowerCutCollection.Name)]
[Trait("Suite", "powercuts")]
public sealed class KillTests(FittedParts parts, Releases releases, PowerCutSheet sheet)
{
    private const string Desired = $"bank/{Releases.Category}/desired";
    private const int MostMessages = 60;
    private static readonly string[] Stages = ["verifying", "downloading", "parity", "shadow", "guard", "done"];

    /// <summary>At every stage, and after any number of messages.</summary>
    public static TheoryData<string> Moments { get; } = new(FaultCollection.IsFull
        ? [.. Stages, .. Enumerable.Range(0, MostMessages / 2).Select(i => $"message {1 + (2 * i)}")]
        : (string[])["downloading", "guard", "message 7"]);

    [Theory]
    [MemberData(nameof(Moments))]
    public async Task Kill_DuringAnUpdate_LeavesAStationThatJudges(string moment)
    {
        var (old, fresh) = (releases.Decider(releases.Unsigned(1)), releases.Decider(releases.Package(2)));
        await using var station = await UpdatingStation.StartAsync(parts, releases.Station, Path.Combine(releases.Station, "part"), c => c["Updates"]!["BaseUrl"] = releases.Address);
        var from = station.Plc.Everything().Count;
        await station.Plc.PublishAsync(Desired, Releases.Desired(releases.Package(2)), retain: true);
        await ReachAsync(station, moment, from);
        await station.Agent.KillAsync();

        var failure = await Record.ExceptionAsync(async () =>
        {
            from = station.Plc.All("update/state").Count;
            await station.RestartAsync();
            var verdict = await station.JudgeAsync();
            Assert.True(old.Gave(verdict) || fresh.Gave(verdict), $"Decided by neither {old} nor {fresh}: {verdict}");
            await station.JudgeUntilAsync(s => s.GetProperty("stage").GetString() == "done", from);
            Assert.True(fresh.Gave(await station.JudgeAsync()), "The update did not go through.");
            Assert.Equal(0, await station.Agent.StopAsync());
            Releases.Verify(Path.Combine(station.Banks, fresh.FileName), Trust.Open(releases.FirstTrust()));
        });
        sheet.AddCut("update of a real process, kill -9", failure is not null);
        Assert.True(failure is null, $"Killed at {moment}: {failure}\n{station.Agent.Output}");
    }

    // Parts go on coming; whatever the station says counts as a moment.
    private static async Task ReachAsync(UpdatingStation station, string moment, int from)
    {
        var count = moment.StartsWith("message ", StringComparison.Ordinal) ? int.Parse(moment[8..], System.Globalization.CultureInfo.InvariantCulture) : int.MaxValue;
        bool IsReached() => station.Plc.Everything().Count - from >= count || station.Plc.All("update/state").Any(s => Stage(s) == moment);
        while (!IsReached())
        {
            var id = await station.TriggerAsync();
            Assert.True(await station.Plc.UntilAsync(() => IsReached() || station.Plc.All("verdict").Any(v => Plc.IsOf(v, id)), TimeSpan.FromSeconds(40)), $"'{moment}' is never reached.");
        }
    }

    private static string? Stage(JsonElement state) => state.GetProperty("stage").GetString();
}
