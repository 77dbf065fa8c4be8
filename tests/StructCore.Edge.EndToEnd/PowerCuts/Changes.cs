using StructCore.Edge.BankUpdates.Delivery;
using StructCore.Edge.BankUpdates.Files;
using StructCore.Edge.BankUpdates.Packages;
using StructCore.Edge.BankUpdates.Signing;
using StructCore.Vision.Fitting;

namespace StructCore.Tests.PowerCuts;

/// <summary>The kinds of change that the power is cut in, each with the station it begins from.</summary>
/// <param name="folder">Where stations are prepared.</param>
internal sealed class Changes(FittedParts parts, Releases releases, string folder)
{
    public const string OverHttp = "update over HTTP";
    private const string ThroughBroker = "update through the broker";
    private const string Removal = "update that removes an old version";
    private const string NewKeys = "new keys, and an update signed by them";
    private const string SwapBack = "update that the guard swaps back";
    private const string Rollback = "rollback";
    private const string Calibration = "calibration";

    private const string Desired = $"bank/{Releases.Category}/desired";
    private static readonly string[] Stages = ["done", "refused", "withdrawn"];

    public static IReadOnlyList<string> Names { get; } = [OverHttp, ThroughBroker, Removal, NewKeys, SwapBack, Rollback, Calibration];

    public async Task<Change> PrepareAsync(string name) => name switch
    {
        OverHttp => Update(name, releases.Station, 1, 2) with { BaseUrl = releases.Address, Files = [File(1), File(2)] },
        ThroughBroker => Update(name, releases.Station, 1, 2) with { Ask = plc => SendAsync(plc, releases.Package(2)), Files = [File(1), File(2)] },
        Removal => Update(name, await UpdatedAsync(), 2, 3) with { BaseUrl = releases.Address, Updates = new Dictionary<string, int> { ["KeepVersions"] = 2 }, Files = [File(2), File(3)] },
        NewKeys => WithNewKeys(),
        SwapBack => Update(name, releases.Station, 1, 1) with
        {
            Between = releases.Decider(releases.Package(Releases.Bad)),
            Ask = plc => plc.PublishAsync(Desired, Releases.Desired(releases.Package(Releases.Bad)), retain: true),
            IsThrough = Says("withdrawn"),
            BaseUrl = releases.Address,
            Updates = new Dictionary<string, int> { ["ShadowInspections"] = 0 },
            Files = [File(1), File(Releases.Bad)],
        },
        Rollback => Update(name, await UpdatedAsync(), 2, 1) with
        {
            Ask = plc => plc.OrderAsync("rollback", $$"""{"category": "{{Releases.Category}}"}"""),
            IsThrough = IsDone,
            IsToggle = true,
            Files = [File(1), File(2)],
        },
        Calibration => WithCalibration(await UpdatedAsync()),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    /// <summary>The package in chunks, then the message that asks for it.</summary>
    /// <param name="except">Chunk that is left out.</param>
    public static async Task SendAsync(Plc plc, string package, int except = -1)
    {
        var version = BankPackage.Open(package, BankPackage.ReadRelease(package)).Manifest.Version;
        foreach (var (index, chunk) in (await System.IO.File.ReadAllBytesAsync(package)).Chunk(PackageChunks.Bytes).Index().Where(c => c.Index != except))
        {
            await plc.PublishAsync($"bank/{Releases.Category}/package/{version}/{index}", chunk, retain: true);
        }

        await plc.PublishAsync(Desired, Releases.Desired(package), retain: true);
    }

    /// <summary>Any final word about a bank or a calibration but the one that is expected ends the wait, so that the reason is seen.</summary>
    public static Func<Arrival, bool> Says(string stage) => arrival =>
    {
        if (arrival.Topic != Plc.Root + "update/state" || arrival.Body.GetProperty("kind").GetString() == "trust" || arrival.Body.GetProperty("stage").GetString() is not { } said || !Stages.Contains(said))
        {
            return false;
        }

        Assert.True(said == stage || (said == "refused" && stage == "withdrawn"), $"Expected '{stage}': {arrival.Body}");
        return true;
    };

    private static bool IsDone(Arrival arrival) =>
        arrival.Topic.StartsWith(Plc.Root + "response/", StringComparison.Ordinal) && arrival.Body.GetProperty("status").GetString() == "done";

    private static string File(int version) => $"{Releases.Category}-v{version}{BankFile.Extension}";

    private Change Update(string name, string before, int from, int to) => new(
        name,
        before,
        Decider(from),
        Decider(to),
        plc => plc.PublishAsync(Desired, Releases.Desired(releases.Package(to)), retain: true),
        Says("done"))
    {
        Trust = Trust.Open(releases.FirstTrust()),
        Files = [],
    };

    private Decider Decider(int version) => releases.Decider(version == 1 ? releases.Unsigned(1) : releases.Package(version));

    private Change WithNewKeys()
    {
        var signer = SigningKey.Create();
        var package = releases.Sign(2, Path.Combine(folder, "other"), keys: signer);
        var (first, content) = (releases.FirstTrust(), releases.TrustContent(2));
        var second = SignedDocument.Sign(
            content with { Keys = [.. content.Keys, Releases.Key(signer)], Revoked = [releases.Signer.Id], Bank = new RoleKeys(1, [signer.Id]) },
            releases.Root);
        return Update(NewKeys, releases.Station, 1, 1) with
        {
            New = releases.Decider(package),
            Ask = async plc =>
            {
                await plc.PublishAsync("update/trust", TrustChain.ToJson([first, second]), retain: true);
                await SendAsync(plc, package);
            },
            Trust = Trust.Open(first).Advance(second),
            Files = [File(1), File(2)],
        };
    }

    private Change WithCalibration(string before)
    {
        var calibration = BankFile.Read(releases.Package(2)).Calibration;
        calibration = calibration with { Threshold = calibration.Threshold * 1.5f };
        var document = SignedDocument.Sign(
            new CalibrationDocument { Category = Releases.Category, BankVersion = 2, Number = 1, Created = DateTimeOffset.UtcNow.AddHours(-1), Expires = DateTimeOffset.UtcNow.AddDays(1), Calibration = calibration },
            releases.Signer);
        return Update(Calibration, before, 2, 2) with
        {
            New = releases.Decider(releases.Package(2), calibration),
            Ask = plc => plc.PublishAsync($"bank/{Releases.Category}/calibration", document.ToJson(), retain: true),
            Files = [File(1), File(2)],
        };
    }

    /// <summary>A station's folder after its first update.</summary>
    public async Task<string> UpdatedAsync(int version = 2)
    {
        var update = Update(OverHttp, releases.Station, 1, version) with { BaseUrl = releases.Address };
        await using var station = await CutStation.StartAsync(parts, update.Before, new PowerSupply(), new UpdateFiles(), update.Configure);
        Assert.True(await station.ReadyAsync() && await station.GoThroughAsync(update), "The first update did not go through.");
        await station.StopAsync();
        var updated = Path.Combine(folder, "updated");
        CutStation.Copy(station.Folder, updated);
        return updated;
    }
}
