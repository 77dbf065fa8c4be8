using System.Text;
using StructCore.Edge.BankUpdates.Delivery;
using StructCore.Edge.BankUpdates.Packages;
using StructCore.Edge.BankUpdates.Signing;
using StructCore.Edge.Commands;
using StructCore.Edge.Native.Mosquitto;
using StructCore.Edge.Triggers;
using StructCore.Tests.BankUpdates.Delivery;
using StructCore.Tests.BankUpdates.Packages;
using StructCore.Tests.Fakes;

namespace StructCore.Tests.Commands;

public sealed class BankPublishCommandTests : IAsyncLifetime
{
    private const string Station = "site1/line1/station1";

    private static readonly StationTopics Topics = new("site1", "line1", "station1");
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    private readonly TemporaryFolder _folder = new();
    private readonly TestPackages _packages = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private MosquittoBroker _broker = null!;

    public async ValueTask InitializeAsync() => _broker = await MosquittoBroker.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        _packages.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Publish_InChunks_IsWhatAStationFetches()
    {
        var package = Package(7, images: 16);
        Assert.Equal(0, await PublishAsync(package, "--chunks"));

        var desired = await DesiredAsync();
        using var fetch = new FetchFixture();
        var source = new ChunkPackageSource(() => new MosquittoMessageBus(), () => _broker.Connection("station"), Topics, TimeSpan.FromSeconds(30), TimeProvider.System);
        var fetched = await fetch.FetchAsync(source, new PackageRequest("cap", 7, desired.Package, long.MaxValue));
        Assert.Equal(await File.ReadAllBytesAsync(package), await File.ReadAllBytesAsync(fetched));
        Assert.Contains($"{Station}: cap-v7 is published (0.2 MB in 3 messages)", _output.ToString());
    }

    [Fact]
    public async Task Publish_ToAWebFolder_PutsThePackageWhereStationsLook()
    {
        var package = Package(7);
        Assert.Equal(0, await PublishAsync(package, "--web", _folder["srv"]));

        Assert.Equal(await File.ReadAllBytesAsync(package), await File.ReadAllBytesAsync(Path.Combine(_folder["srv"], "cap", "cap-v7.scbank")));
        Assert.Equal(PackageFile.Of(package), (await DesiredAsync()).Package);
        Assert.Equal([Topics.Desired("cap")], (await RetainedTopics.ReadAsync(_broker, "sc/v1/#")).Keys);
    }

    [Fact]
    public async Task Publish_ToSeveralStations_ReachesEach()
    {
        Assert.Equal(0, await PublishAsync(Package(7), "--chunks", "--station", "site1/line1/station2"));

        Assert.Equal(4, (await RetainedTopics.ReadAsync(_broker, "sc/v1/#")).Count);
    }

    [Fact]
    public async Task Publish_WithAnOverride_SendsIt()
    {
        Assert.Equal(0, await PublishAsync(Package(7), "--chunks", "--override", Override(7)));

        Assert.Equal("tests want it", OverrideDocument.Read((await DesiredAsync()).Override!).Reason);
    }

    [Fact]
    public async Task Publish_WithAnOverrideForAnotherVersion_IsRefused()
    {
        Assert.Equal(1, await PublishAsync(Package(7), "--chunks", "--override", Override(6)));

        Assert.Contains("the override is for 'cap-v6', the package is 'cap-v7'", _error.ToString());
        Assert.Empty(await RetainedTopics.ReadAsync(_broker, "sc/v1/#"));
    }

    [Fact]
    public async Task Publish_OfACalibration_GoesToItsCategory()
    {
        Assert.Equal(0, await PublishAsync(Calibration()));

        var message = Assert.Single(await RetainedTopics.ReadAsync(_broker, "sc/v1/#"));
        Assert.Equal(Topics.Calibration("cap"), message.Key);
        Assert.Equal(3, CalibrationDocument.Read(SignedDocument.Parse(message.Value)).Number);
    }

    [Fact]
    public async Task Publish_OfATrustChain_GoesToAllCategories()
    {
        var file = _folder["trust.json"];
        await File.WriteAllBytesAsync(file, TrustChain.ToJson([_packages.Trust.Document]));

        Assert.Equal(0, await PublishAsync(file));

        Assert.Equal([Topics.Trust], (await RetainedTopics.ReadAsync(_broker, "sc/v1/#")).Keys);
        Assert.Equal(1, await PublishAsync(file, "--wait"));
        Assert.Contains("Leave --wait out", _error.ToString());
    }

    [Fact]
    public async Task Publish_OfADamagedPackage_IsRefusedHere()
    {
        var package = Package(7);
        var bytes = await File.ReadAllBytesAsync(package);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(package, bytes);

        Assert.Equal(1, await PublishAsync(package, "--chunks"));
        Assert.Empty(await RetainedTopics.ReadAsync(_broker, "sc/v1/#"));
    }

    [Fact]
    public async Task Publish_OfAnExpiredPackage_IsRefusedHere()
    {
        Assert.Equal(1, await PublishAsync(_packages.Write("cap", 7, d => d with { Expires = d.Created.AddDays(1) }), "--chunks"));
        Assert.Contains("expired", _error.ToString());
    }

    [Fact]
    public async Task Publish_OverTlsWithAPassword_IsLetIn()
    {
        await using var guarded = await MosquittoBroker.StartAsync(new BrokerOptions { Tls = true, Users = new Dictionary<string, string> { ["updates"] = "secret" } });
        await File.WriteAllTextAsync(_folder["password"], "secret\n");
        string[] arguments = ["bank", "publish", Package(7), "--chunks", "--station", Station, "--broker", $"127.0.0.1:{guarded.Port}", "--ca", guarded.Certificates!.CaFile, "--user", "updates"];

        Assert.Equal(1, await RunAsync(arguments));
        Assert.Contains("Check user name, password", _error.ToString());
        Assert.Equal(0, await RunAsync([.. arguments, "--password-file", _folder["password"]]));
    }

    [Fact]
    public async Task Publish_ThatWaits_TellsTheStagesAndEndsWithTheLast()
    {
        // What was said about an earlier attempt does not count.
        await using var station = await StationAsync(Station, """{"category":"cap","version":7,"stage":"refused","reason":"earlier: x"}""");
        station.Answers =
        [
            """{"category":"nut","version":7,"stage":"refused"}""",
            """{"category":"cap","version":6,"stage":"refused"}""",
            "nonsense",
            """{"kind":"bank","category":"cap","version":7,"stage":"downloading","progress":0.35,"since":"2026-03-01T00:00:00Z"}""",
            """{"kind":"bank","category":"cap","version":7,"stage":"shadow"}""",
            """{"kind":"bank","category":"cap","version":7,"stage":"done","signed_by":["ab"]}""",
        ];

        Assert.Equal(0, await PublishAsync(Package(7), "--chunks", "--wait"));

        Assert.Equal([$"{Station}: cap-v7 downloading 35 %", $"{Station}: cap-v7 shadow"], _error.ToString().Trim().Split(Environment.NewLine));
        Assert.EndsWith($"{Station}: cap-v7 done", _output.ToString().Trim(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("refused", "wrong_key: signed by nobody")]
    [InlineData("withdrawn", "guard_shift: too many rejects")]
    public async Task Publish_ThatOneStationDoesNotTake_Fails(string stage, string reason)
    {
        await using var one = await StationAsync(Station, null);
        await using var other = await StationAsync("site1/line1/station2", null);
        one.Answers = [$$"""{"category":"cap","version":7,"stage":"{{stage}}","reason":"{{reason}}"}"""];
        other.Answers = ["""{"category":"cap","version":7,"stage":"done"}"""];

        Assert.Equal(1, await PublishAsync(Package(7), "--chunks", "--wait", "--station", "site1/line1/station2"));

        Assert.Contains($"{Station}: cap-v7 {stage}: {reason}", _output.ToString());
        Assert.Contains("site1/line1/station2: cap-v7 done", _output.ToString());
    }

    [Fact]
    public async Task Publish_OfACalibrationThatWaits_WaitsForItsNumber()
    {
        await using var station = await StationAsync(Station, null);
        station.Answers = ["""{"category":"cap","version":7,"stage":"refused"}""", """{"category":"cap","version":7,"calibration":3,"stage":"done"}"""];

        Assert.Equal(0, await PublishAsync(Calibration(), "--wait"));
        Assert.Contains($"{Station}: calibration 3 of cap-v7 done", _output.ToString());
    }

    [Fact]
    public async Task Publish_ToAStationThatDoesNotAnswer_EndsAfterTheTimeout()
    {
        Assert.Equal(1, await PublishAsync(Package(7), "--chunks", "--wait", "--timeout", "1"));
        Assert.Contains($"After 1 s {Station} (last word: nothing) had not taken or refused cap-v7", _error.ToString());
    }

    [Fact]
    public async Task Unpublish_OfACategory_LeavesNothing()
    {
        Assert.Equal(0, await PublishAsync(Package(7), "--chunks"));
        Assert.Equal(0, await UnpublishAsync("--version", "6"));
        Assert.Contains("nothing of 'cap' version 6 was published", _output.ToString());
        Assert.Equal(0, await UnpublishAsync());

        Assert.Contains($"{Station}: 'cap' version 7 is not wanted any more, 1 messages of its package removed", _output.ToString());
        Assert.Empty(await RetainedTopics.ReadAsync(_broker, "sc/v1/#"));
    }

    [Theory]
    [InlineData("either --web DIR or --chunks", "a.scbank")]
    [InlineData("either --web DIR or --chunks", "a.scbank", "--web", "srv", "--chunks")]
    [InlineData("--web and --chunks are for packages", "trust.json", "--chunks")]
    [InlineData("--override is for packages", "trust.json", "--override", "leave.json")]
    [InlineData("--station is 'station2'", "trust.json", "--station", "station2")]
    [InlineData("--station is '../a/b'", "trust.json", "--station", "../a/b")]
    [InlineData("--certificate, --key-file and --ca belong together", "trust.json", "--certificate", "a.pem", "--key-file", "a.key")]
    [InlineData("--password-file needs --user", "trust.json", "--password-file", "secret")]
    [InlineData("--timeout is 1 second or more", "trust.json", "--timeout", "0")]
    [InlineData("--broker is 'user:password@host'", "trust.json", "--broker", "user:password@host")]
    public async Task Publish_UsedWrongly_SaysWhatIsExpected(string message, params string[] arguments)
    {
        string[] broker = arguments.Contains("--broker") ? [] : ["--broker", "127.0.0.1"];
        Assert.Equal(2, await RunAsync(["bank", "publish", .. arguments, .. broker, "--station", Station]));
        Assert.Contains(message, _error.ToString());
    }

    private string Package(int version, int images = 1) => _packages.Write("cap", version, d => d with
    {
        Created = Now,
        Expires = Now.AddDays(1),
        Parity = d.Parity with { Cases = [.. Enumerable.Repeat(d.Parity.Cases[0], images)] },
        ParityImages = [.. Enumerable.Repeat(d.ParityImages[0], images)],
    });

    private string Override(int version) => Write("override.json", SignedDocument.Sign(
        new OverrideDocument { Category = "cap", Version = version, Created = Now, Expires = Now.AddDays(1), Reason = "tests want it" }, _packages.TrustKey));

    private string Calibration() => Write("calibration.json", SignedDocument.Sign(
        new CalibrationDocument { Category = "cap", BankVersion = 7, Number = 3, Created = Now, Expires = Now.AddDays(1), Calibration = new FakeExtractor().Bank("cap", FakeExtractor.Cap).Calibration }, _packages.BankKey));

    private string Write(string name, SignedDocument document)
    {
        File.WriteAllBytes(_folder[name], document.ToJson());
        return _folder[name];
    }

    private async Task<DesiredBank> DesiredAsync() => DesiredBank.Parse((await RetainedTopics.ReadAsync(_broker, Topics.Desired("cap"))).Values.Single());

    private Task<int> PublishAsync(string file, params string[] options) => RunAsync(["bank", "publish", file, "--broker", $"127.0.0.1:{_broker.Port}", "--station", Station, .. options]);

    private Task<int> UnpublishAsync(params string[] options) => RunAsync(["bank", "unpublish", "--category", "cap", "--broker", $"127.0.0.1:{_broker.Port}", "--station", Station, .. options]);

    private Task<int> RunAsync(params string[] arguments) => CommandLineRunner.RunAsync(arguments, _output, _error);

    private async Task<PlayedStation> StationAsync(string name, string? saidBefore)
    {
        var levels = name.Split('/');
        var topics = new StationTopics(levels[0], levels[1], levels[2]);
        var station = new PlayedStation(topics);
        await station.Bus.ConnectAsync(_broker.Connection("station " + name), default);
        if (saidBefore is not null)
        {
            await station.SayAsync(saidBefore);
        }

        await station.Bus.SubscribeAsync(topics.DesiredFilter, QualityOfService.AtLeastOnce, default);
        await station.Bus.SubscribeAsync(topics.CalibrationFilter, QualityOfService.AtLeastOnce, default);
        return station;
    }

    /// <summary>Says what it is told as soon as something is published for it.</summary>
    private sealed class PlayedStation : IAsyncDisposable
    {
        private readonly StationTopics _topics;
        private Task _saying = Task.CompletedTask;

        public PlayedStation(StationTopics topics)
        {
            _topics = topics;
            Bus.Received = _ => _saying = SayAllAsync();
        }

        public MosquittoMessageBus Bus { get; } = new();

        public string[] Answers { get; set; } = [];

        public Task SayAsync(string json) => Bus.PublishAsync(new BusMessage(_topics.UpdateState, Encoding.UTF8.GetBytes(json)) { Retain = true }, default);

        public async ValueTask DisposeAsync()
        {
            await _saying;
            await Bus.DisposeAsync();
        }

        private async Task SayAllAsync()
        {
            foreach (var answer in Answers)
            {
                await SayAsync(answer);
            }
        }
    }
}
