using System.Security.Cryptography;
using StructCore.Edge.BankUpdates.Files;
using StructCore.Edge.Storage;
using StructCore.Tests.Faults;

namespace StructCore.Tests.PowerCuts;

/// <summary>The power ends at every step of a change, one after the other; after each the station must judge, with a bank it can show to be whole.</summary>
[Collection(PowerCutCollection.Name)]
[Trait("Suite", "powercuts")]
public sealed class PowerCutTests(FittedParts parts, Releases releases, PowerCutSheet sheet)
{
    /// <summary>Every kind of change on every kind of disk; in the short run the longest one on the most forgetful.</summary>
    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var change in FaultCollection.IsFull ? Changes.Names : [Changes.OverHttp])
            {
                foreach (var lost in FaultCollection.IsFull ? Enum.GetNames<LostAtCut>() : [nameof(LostAtCut.NamesAndBytes)])
                {
                    cases.Add(change, lost);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Change_CutAtEveryStep_LeavesAStationThatJudges(string name, string lost)
    {
        using var before = new TemporaryFolder();
        var change = await new Changes(parts, releases, before.Path).PrepareAsync(name);
        var bricked = new List<string>();
        var (cuts, through) = (0, 0);

        // Threads take turns: one try may have a step less than another.
        for (var step = 1; through < 2; step++)
        {
            var wasCut = await CutAsync(change, Enum.Parse<LostAtCut>(lost), step, bricked);
            (cuts, through) = wasCut ? (cuts + 1, 0) : (cuts, through + 1);
        }

        Assert.True(cuts > 1, $"{name} has only {cuts} steps: it is not what it should be.");
        Assert.True(bricked.Count == 0, string.Join('\n', bricked));
    }

    /// <returns>False where the change went through before the step was reached.</returns>
    private async Task<bool> CutAsync(Change change, LostAtCut lost, int step, List<string> bricked)
    {
        var power = new PowerSupply(step);
        var disk = new VolatileFiles();
        await using var station = await CutStation.StartAsync(parts, change.Before, power, disk, change.Configure);
        var through = await station.ReadyAsync() && await station.GoThroughAsync(change);
        await station.StopAsync();
        if (!power.IsOff)
        {
            Assert.True(through, $"{change}: the agent ended by itself.");
            CheckFiles(change, station, old: []);
            return false;
        }

        disk.TakeBack(lost);
        var failure = await Record.ExceptionAsync(() => StartAgainAsync(change, station.Folder));
        sheet.AddCut($"{change}, disk loses {Words(lost)}", failure is not null);
        if (failure is not null)
        {
            bricked.Add($"step {step}, {power.Steps[^1]}: {failure.Message}");
        }

        return true;
    }

    private async Task StartAgainAsync(Change change, string folder)
    {
        await using var station = await CutStation.StartAsync(parts, folder, new PowerSupply(), new UpdateFiles(), change.Configure);
        Assert.True(await station.ReadyAsync(), "It does not start.");
        var verdict = await station.JudgeAsync();
        var decider = change.Deciders.FirstOrDefault(d => d.Gave(verdict!.Value));
        Assert.True(decider is not null, $"Decided by none of {string.Join(", ", change.Deciders)}: {verdict}");
        Assert.Equal(decider.Sha256, Digest(Path.Combine(station.Banks, decider.FileName)));

        // A release was signed: what decides is still all of it.
        Releases.Verify(Path.Combine(station.Banks, decider.FileName), change.Trust);

        if (!change.IsToggle || !change.New.Gave(verdict!.Value))
        {
            Assert.True(await station.GoThroughAsync(change), "It ended while the change was asked for again.");
        }

        verdict = await station.JudgeAsync();
        Assert.True(change.New.Gave(verdict!.Value), $"Decided by another than {change.New}: {verdict}");
        await station.Plc.WaitAsync($"bank/{CutStation.Category}/state", s => s.TryGetProperty("active", out var active) && active.GetProperty("sha256").GetString() == change.New.Sha256);
        await station.StopAsync();
        CheckFiles(change, station, old: Names(Path.Combine(change.Before, "banks")));
        CheckStandings(change, station.Folder);
    }

    /// <param name="old">What the station had before may be there too: the next update removes what a cut left.</param>
    private static void CheckFiles(Change change, CutStation station, IEnumerable<string> old)
    {
        var files = Names(station.Banks);
        Assert.Empty(change.Files.Except(files));
        Assert.Empty(files.Except(change.Files).Except(old));
        Assert.Empty(Names(Path.Combine(station.Folder, "updates")));
    }

    private static IReadOnlyList<string> Names(string folder) => Directory.Exists(folder) ? [.. Directory.GetFiles(folder).Select(f => Path.GetFileName(f)).Where(f => !f.StartsWith("blister", StringComparison.Ordinal))] : [];

    private static void CheckStandings(Change change, string folder)
    {
        using var store = Structcore.Adapters.ReadStore(Path.Combine(folder, "store.db"));
        var standing = Assert.Single(store.BankStandings(), s => s.Category == CutStation.Category);
        Assert.Equal((change.New.Id, change.New.Sha256), (standing.Active.Id, standing.Active.Sha256));

        // A start can make do with the bank before where a file is lost; none may have been.
        Assert.True(store.BankEvents(null, null, 100).All(e => e.Kind != BankEventKind.Recovered), "It had to make do with the bank before.");
    }

    private static string Digest(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    private static string Words(LostAtCut lost) => lost switch
    {
        LostAtCut.NamesAndBytes => "names and bytes",
        LostAtCut.Names => "names",
        LostAtCut.Bytes => "bytes",
        _ => "nothing",
    };
}
