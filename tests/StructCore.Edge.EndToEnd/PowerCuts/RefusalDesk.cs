using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using StructCore.Edge.BankUpdates.Files;
using StructCore.Edge.BankUpdates.Packages;
using StructCore.Edge.BankUpdates.Signing;
using StructCore.Vision.Fitting;

namespace StructCore.Tests.PowerCuts;

/// <summary>A station that is offered one wrong thing after the other: each must be refused for its own reason, and the bank of before decides.</summary>
internal sealed class RefusalDesk : IAsyncDisposable
{
    public const string Category = Releases.Category;
    private const string Desired = $"bank/{Category}/desired";

    private readonly TemporaryFolder _folder = new();
    private readonly PowerCutSheet _sheet;
    private readonly Decider _old;
    private readonly List<string> _failures = [];

    private RefusalDesk(PowerCutSheet sheet, Decider old, TemporaryFolder folder, PackageServer server, CutStation station) =>
        (_sheet, _old, _folder, Server, Station) = (sheet, old, folder, server, station);

    /// <summary>Where the station gets its packages.</summary>
    public PackageServer Server { get; }

    public CutStation Station { get; }

    public Plc Plc => Station.Plc;

    /// <param name="from">The station's folder.</param>
    /// <param name="old">What decides there, and has to go on deciding.</param>
    public static async Task<RefusalDesk> OpenAsync(FittedParts parts, PowerCutSheet sheet, string from, Decider old, Action<JsonNode>? change = null)
    {
        var folder = new TemporaryFolder();
        var server = await PackageServer.StartAsync(folder["web"]);
        var station = await CutStation.StartAsync(parts, from, new PowerSupply(), new UpdateFiles(), c =>
        {
            c["Updates"]!["BaseUrl"] = server.Address;
            change?.Invoke(c);
        });
        Assert.True(await station.ReadyAsync(), "The agent ended.");
        return new(sheet, old, folder, server, station);
    }

    /// <summary>A path for a file of the test.</summary>
    public string NewFolder() => Directory.CreateDirectory(_folder[Path.GetRandomFileName()]).FullName;

    /// <summary>Makes an offer and waits for what becomes of it.</summary>
    /// <param name="what">As in the table.</param>
    /// <param name="code">The reason it must be refused for.</param>
    public async Task RefuseAsync(string what, string code, Func<Task> offer)
    {
        var from = Plc.All("update/state").Count;
        await offer();
        await CountAsync(what, code, await Plc.UntilAsync(() => Reason(from) is not null, TimeSpan.FromSeconds(20)) ? Reason(from)! : "nothing said");
    }

    /// <summary>Something that does not even reach the update must leave the station as it is.</summary>
    public async Task IgnoreAsync(string what, Func<Task> offer)
    {
        var from = Plc.All("update/state").Count;
        await offer();
        await CountAsync(what, "no answer", Reason(from) ?? "no answer: it never came in");
    }

    /// <summary>Puts a file on the server and asks for it with this release.</summary>
    /// <param name="said">What it is said to be; by default what it is.</param>
    public Task PublishAsync(byte[] package, SignedDocument release, PackageFile? said = null, SignedDocument? leave = null)
    {
        var version = Version(release);
        Directory.CreateDirectory(_folder[$"web/{Category}"]);
        File.WriteAllBytes(_folder[$"web/{Category}/{Category}-v{version}{BankFile.Extension}"], package);
        return AskAsync(new DesiredBank(release, said ?? Describe(package), leave).ToJson());
    }

    public Task PublishAsync(string package) => PublishAsync(File.ReadAllBytes(package), BankPackage.ReadRelease(package));

    public Task AskAsync(byte[] message) => Plc.PublishAsync(Desired, message, retain: true);

    public static PackageFile Describe(byte[] package) => new(package.Length, Convert.ToHexStringLower(SHA256.HashData(package)));

    /// <summary>Fails the test with everything that was not as it should be.</summary>
    public void Close() => Assert.True(_failures.Count == 0, string.Join('\n', _failures));

    public async ValueTask DisposeAsync()
    {
        await Station.DisposeAsync();
        await Server.DisposeAsync();
        _folder.Dispose();
    }

    private static int Version(SignedDocument release)
    {
        using var payload = JsonDocument.Parse(release.Payload);
        return payload.RootElement.GetProperty("version").GetInt32();
    }

    private async Task CountAsync(string what, string code, string reason)
    {
        var verdict = await Station.JudgeAsync();
        var refused = reason.StartsWith(code + ":", StringComparison.Ordinal) && _old.Gave(verdict!.Value);
        _sheet.AddRefusal(what, code, tried: 1, refused ? 1 : 0);
        if (!refused)
        {
            _failures.Add($"{what}: expected '{code}', found '{reason}'; then {verdict}");
        }
    }

    // Also while it waits for another try: the bank of before decides.
    private string? Reason(int from) => Plc.All("update/state").Skip(from)
        .Where(s => s.GetProperty("stage").GetString() is "refused" or "waiting" or "withdrawn" or "done")
        .Select(s => s.TryGetProperty("reason", out var reason) ? reason.GetString() : $"stage {s.GetProperty("stage")}").FirstOrDefault(r => r is not null);
}
