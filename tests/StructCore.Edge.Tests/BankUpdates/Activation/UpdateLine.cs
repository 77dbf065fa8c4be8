using System.Text.Json;
using StructCore.Edge.BankUpdates;
using StructCore.Edge.BankUpdates.Activation;
using StructCore.Edge.BankUpdates.Packages;
using StructCore.Edge.BankUpdates.Signing;
using StructCore.Edge.Storage;
using StructCore.Tests.BankUpdates.Packages;
using StructCore.Tests.BankUpdates.Signing;
using StructCore.Tests.Fakes;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.Inference;

namespace StructCore.Tests.BankUpdates.Activation;

/// <summary>A station that takes updates, with its folders, its keys, and packages to give it. Store and folders outlive the agents.</summary>
internal sealed class UpdateLine : IAsyncDisposable
{
    /// <summary>Until what could not be had is asked for again. Time must not go on before: gates measure by the same clock.</summary>
    public static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(5);

    private const string Name = "plant/line/one";
    private readonly TemporaryFolder _folder = new();
    private readonly FakeExtractor _extractor = new();
    private int _parts;

    public UpdateLine()
    {
        BankFile.Write(_extractor.Bank("cap", FakeExtractor.Cap), Banks, TestTrust.Start);
        BankFile.Write(_extractor.Bank("nut", FakeExtractor.Nut), Banks, TestTrust.Start);
        File.WriteAllBytes(_folder["trust.json"], TrustChain.ToJson([Packages.Trust.Document]));
        Source = new(Packages.Folder);
        Time.Advance(TestTrust.Now - Time.GetUtcNow());
    }

    public TestPackages Packages { get; } = new();

    public FolderSource Source { get; }

    public FakeStore Store { get; } = new();

    public FakeTimeProvider Time { get; } = new();

    public UpdateOptions Options { get; } = new() { ShadowInspections = 2, GuardInspections = 2 };

    public string Banks => _folder["banks"];

    public string Incoming => _folder["updates"];

    public StationHarness Station { get; private set; } = null!;

    public string Topic(string category, string kind) => $"{StationHarness.Root}bank/{category}/{kind}";

    /// <summary>Starts an agent; one that ran is stopped first, politely.</summary>
    public async Task<UpdateLine> StartAsync(Action<StationHarness>? change = null)
    {
        await StopAsync();
        (Options.TrustFile, Options.Folder) = (_folder["trust.json"], Incoming);
        Station = new StationHarness { Time = Time, Store = Store, BankFolder = Banks, BeginsFromFolder = true, Updates = Options, Packages = Source };
        change?.Invoke(Station);
        await Station.StartAsync();
        return this;
    }

    public async Task StopAsync()
    {
        if (Station is not null)
        {
            await Station.DisposeAsync();
            Station = null!;
        }
    }

    /// <summary>A package that this line's stations take, unless something about it is changed.</summary>
    /// <param name="bank">Null: the category's bank as the fake extractor has it.</param>
    public DesiredBank Sign(string category, int version, Func<ProductBank, ProductBank>? bank = null, Func<ReleaseDraft, ReleaseDraft>? change = null, params IReadOnlyList<SigningKey> keys)
    {
        var product = category == "nut" ? FakeExtractor.Nut : FakeExtractor.Cap;
        var fitted = (bank ?? (b => b))(_extractor.Bank(category, product, version));
        Packages.Write(category, version, d => (change ?? (x => x))(Fit(d, fitted, product)), fitted, keys);
        return Packages.Desired(category, version);
    }

    /// <summary>A bank that rejects what is the least bit away from normal.</summary>
    public static ProductBank Strict(ProductBank bank) => bank.With(bank.Calibration with { Threshold = 1e-6f });

    public void Publish(string category, DesiredBank desired) => Station.Broker.Send(Topic(category, "desired"), desired.ToJson(), m => m with { Retain = true });

    /// <summary>A calibration of a bank's version, signed.</summary>
    public SignedDocument Calibrate(string category, int version, int number, float threshold, SigningKey? key = null) => SignedDocument.Sign(
        new CalibrationDocument
        {
            Category = category,
            BankVersion = version,
            Number = number,
            Created = TestTrust.Start,
            Expires = TestTrust.Start.AddDays(30),
            Calibration = _extractor.Bank(category, FakeExtractor.Cap).Calibration with { Threshold = threshold },
        },
        key ?? Packages.BankKey);

    public SignedDocument Override(string category, int version) => SignedDocument.Sign(
        new OverrideDocument { Category = category, Version = version, Created = TestTrust.Start, Expires = TestTrust.Start.AddDays(7), Reason = "the new one was fitted on the wrong shift" },
        Packages.TrustKey);

    /// <summary>Judges one part; the verdict.</summary>
    public async Task<JsonElement> InspectAsync(byte product = FakeExtractor.Cap, byte deviation = 1, string more = "")
    {
        var id = $"part-{Interlocked.Increment(ref _parts)}";
        Station.Camera.Show(Station.Camera.Part(product, deviation));
        Station.Trigger(id, more);
        var verdict = await Station.VerdictAsync(id);

        // What comes after the verdict, shadow and guard too, is offered before the result goes out.
        await Station.ResultAsync(id);
        return verdict;
    }

    /// <summary>Judges parts until the update has come to this stage: as long as shadow or guard wait for some.</summary>
    public async Task<JsonElement> InspectUntilAsync(string stage, string category = "cap", byte deviation = 1)
    {
        for (var said = Station.Broker.Bodies("update/state"); said.All(b => !Says(b, category, stage)); said = Station.Broker.Bodies("update/state"))
        {
            if (said.LastOrDefault(b => b.TryGetProperty("category", out var c) && c.GetString() == category) is { ValueKind: JsonValueKind.Object } last && last.GetProperty("stage").GetString() is "shadow" or "guard")
            {
                await InspectAsync(category == "nut" ? FakeExtractor.Nut : FakeExtractor.Cap, deviation);
            }

            await Station.Broker.WaitAsync("update/state", count: said.Count + 1);
        }

        return await StageAsync(stage, category);
    }

    /// <param name="version">Which one's; null: of any.</param>
    public Task<JsonElement> StageAsync(string stage, string category = "cap", int count = 1, int? version = null) =>
        Station.Broker.WaitAsync("update/state", b => Says(b, category, stage) && (version is null || b.GetProperty("version").GetInt32() == version), count);

    /// <summary>Which version decides, asked by a part.</summary>
    public async Task<int> VersionAsync(byte product = FakeExtractor.Cap) => (await InspectAsync(product, 0)).GetProperty("bank").GetProperty("version").GetInt32();

    public BankStanding? Standing(string category = "cap") => Store.BankStandings().SingleOrDefault(s => s.Station == Name && s.Category == category);

    /// <summary>The history of a category, oldest first.</summary>
    public IReadOnlyList<BankEvent> History(string category = "cap") => [.. Store.BankEvents(Name, category, 100).Reverse()];

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Packages.Dispose();
        _folder.Dispose();
    }

    private static bool Says(JsonElement body, string category, string stage) =>
        body.GetProperty("stage").GetString() == stage && body.TryGetProperty("category", out var c) && c.GetString() == category;

    private ReleaseDraft Fit(ReleaseDraft draft, ProductBank bank, byte product)
    {
        var (backbone, side) = (_extractor.Backbone, _extractor.Backbone.Crop);
        var pixels = new byte[side * side * RgbImage.Channels];
        pixels[0] = product;
        RgbImage[] crops = [new(side, side, pixels)];
        return draft with
        {
            Backbone = new(backbone.Name, backbone.Sha256, BackboneDigests.Preprocess(backbone, bank.Manifest.Frame), BackboneDigests.Fuse(backbone)),
            Parity = new(side, 0.01, 0.01, ParityGate.Measure(bank, new HostScorer(_extractor, TimeProvider.System), crops)),
            ParityImages = crops,
        };
    }
}
