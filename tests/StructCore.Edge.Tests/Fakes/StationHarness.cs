using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using StructCore.Edge;
using StructCore.Edge.BankUpdates;
using StructCore.Edge.BankUpdates.Activation;
using StructCore.Edge.BankUpdates.Delivery;
using StructCore.Edge.BankUpdates.Files;
using StructCore.Edge.Cameras;
using StructCore.Edge.Drift;
using StructCore.Edge.Evidence;
using StructCore.Edge.Inspection;
using StructCore.Edge.Replay;
using StructCore.Edge.Triggers;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.Inference;

namespace StructCore.Tests.Fakes;

/// <summary>One station with everything around it faked: broker, camera, store, extractor and clock.</summary>
internal sealed class StationHarness : IAsyncDisposable
{
    public const string Root = "sc/v1/plant/line/one/";

    private readonly CancellationTokenSource _stop = new();
    private readonly LoopGroup _cameras = new();
    private Task _running = Task.CompletedTask;
    private Station? _station;

    public FakeTimeProvider Time { get; init; } = new();

    public FakeBroker Broker { get; init; } = new();

    public FakeStore Store { get; init; } = new();

    public FakeExtractor Extractor { get; } = new();

    // Made late: the clock may be another one than this object begins with.
    public FakeCamera Camera => field ??= new("left", Time);

    public FakeCamera Second => field ??= new("right", Time);

    public StationOptions Options { get; } = new() { Site = "plant", Line = "line", Id = "one", Camera = "left", QueueCapacity = 2, ResultsPauseMs = 0, PublishCode = true };

    /// <summary>Where <c>reload</c> looks.</summary>
    public string BankFolder { get; init; } = "";

    /// <summary>Whether the station begins with what its standings and <see cref="BankFolder"/> say, as an agent does; else with banks of caps and nuts in memory.</summary>
    public bool BeginsFromFolder { get; init; }

    /// <summary>What a station that does not begin from a folder judges with; null: caps and nuts.</summary>
    public IReadOnlyList<ProductBank>? Banks { get; init; }

    public UpdateOptions Updates { get; init; } = new();

    /// <summary>What the stations of one agent share; null: this one is alone.</summary>
    public AgentUpdates? SharedUpdates { get; init; }

    /// <summary>Where packages come from; null: through the broker.</summary>
    public PackageSource? Packages { get; init; }

    public UpdateFiles Files { get; init; } = new();

    public DriftOptions Drift { get; init; } = new();

    /// <summary>Null: no images are kept.</summary>
    public EvidenceOptions? Evidence { get; set; }

    /// <summary>What the disk guard is told.</summary>
    public long FreeBytes { get; set; } = long.MaxValue;

    public DiskGuard Disk { get; private set; } = null!;

    public IImageCodec Codec { get; set; } = NSubstitute.Substitute.For<IImageCodec>();

    public Station Station => _station!;

    public StationServices Shared { get; private set; } = null!;

    /// <summary>Starts the station and waits until it says ready.</summary>
    public async Task<StationHarness> StartAsync(string waitFor = "ready")
    {
        Begin();
        await Broker.WaitAsync("state", s => s.GetProperty("state").GetString() == waitFor);
        return this;
    }

    public void Begin()
    {
        SharedCamera Share(FakeCamera camera) => new(camera, new CameraOptions { Id = camera.Id, Kind = "opencv", GrabTimeoutMs = 8000 }, Time, NullLogger<SharedCamera>.Instance);

        var cameras = new[] { Share(Camera), Share(Second) };
        var library = new BankLibrary(BankFolder);
        var banks = BankSet.Create(
            BeginsFromFolder ? new StandingChoice(library, Store, Time, NullLogger<StandingChoice>.Instance).AtStart(Options) : Banks ?? [Extractor.Bank("cap", FakeExtractor.Cap), Extractor.Bank("nut", FakeExtractor.Nut)],
            Extractor.Backbone);
        var updates = SharedUpdates ?? OpenUpdates(() => _station?.Banks.Banks ?? []);
        var (evidence, scorer) = (Evidence is null ? null : new EvidenceArchive(Evidence, Store, Time), new SharedScorer(new HostScorer(Extractor, Time), new ModelOptions(), Time));
        Disk = new DiskGuard(1000, "/store", evidence, _ => FreeBytes, Time, NullLogger<DiskGuard>.Instance);
        var replayer = new Replayer(Store, Evidence?.Folder, "/banks", ExecutionProvider.Cpu, Codec, _ => banks.Banks, _ => scorer);
        Shared = new StationServices(Store.NextAgentEpoch(), Store, scorer, library, cameras.ToDictionary(c => c.Id), Broker.CreateBus, Codec, evidence, Disk, replayer, updates, Time, NullLoggerFactory.Instance) { Drift = Drift };
        _station = new Station(Options, new Edge.Triggers.BrokerOptions(), banks, Shared);
        foreach (var camera in cameras)
        {
            _cameras.Start(camera.RunAsync);
        }

        _running = _station.RunAsync(_stop.Token);
    }

    /// <param name="banks">The banks that all its stations decide with.</param>
    public AgentUpdates OpenUpdates(Func<IEnumerable<ProductBank>> banks) => new(
        Updates,
        Updates.TrustFile is { } file ? AgentTrust.Open(file, Store, Time, NullLogger<AgentTrust>.Instance) : null,
        new PackageFetcher(Updates, minFreeBytes: 0, Files, _ => FreeBytes),
        Packages,
        new BankShelf(BankFolder, Updates.Folder, Updates.KeepVersions, Files, Store, banks, NullLogger<BankShelf>.Instance),
        Files);

    public void Trigger(string id, string more = "", Func<BusMessage, BusMessage>? change = null, string root = Root) =>
        Broker.Send(root + "trigger", $$"""{"plc_epoch": 7, "trigger_id": "{{id}}"{{more}}}""", change);

    public Task<JsonElement> AckAsync(string id, string status) =>
        Broker.WaitAsync("ack", a => a.TryGetProperty("trigger_id", out var t) && t.GetString() == id && a.GetProperty("status").GetString() == status);

    public Task<JsonElement> VerdictAsync(string id) => Broker.WaitAsync("verdict", v => v.GetProperty("trigger_id").GetString() == id);

    public Task<JsonElement> ResultAsync(string id) => Broker.WaitAsync("results", v => v.GetProperty("trigger_id").GetString() == id);

    /// <summary>Waits for one more message that says this state than there are now.</summary>
    public Task<JsonElement> NextStateAsync(string state)
    {
        bool Says(JsonElement body) => body.GetProperty("state").GetString() == state;
        return Broker.WaitAsync("state", Says, Broker.Bodies("state").Count(Says) + 1);
    }

    /// <summary>Lets time pass until something has happened; how far the station has come, and so which timer it waits on, is not to be seen from here.</summary>
    public Task AdvanceUntilAsync(Task happened) => Time.AdvanceUntilAsync(happened, TimeSpan.FromMilliseconds(500));

    /// <summary>Stops the station as SIGTERM does.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(20));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_running.IsCompleted)
        {
            await StopAsync();
        }

        await _cameras.DisposeAsync();
        _station?.Dispose();
        _stop.Dispose();
    }
}
