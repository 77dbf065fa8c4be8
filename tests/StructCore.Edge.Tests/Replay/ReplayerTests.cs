using StructCore.Edge.Evidence;
using StructCore.Edge.Inspection;
using StructCore.Edge.Native.OpenCv;
using StructCore.Edge.Replay;
using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;
using StructCore.Tests.Fakes;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.Inference;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Tests.Replay;

public sealed class ReplayerTests : IDisposable
{
    private const string Station = "plant/line/one";
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly FakeStore _store = new();
    private readonly FakeExtractor _extractor = new();
    private readonly OpenCvImageCodec _codec = new();
    private readonly EvidenceArchive _archive;

    public ReplayerTests()
    {
        _archive = new EvidenceArchive(new EvidenceOptions { Folder = _folder["evidence"] }, _store, _time);
        Fit("cap", FakeExtractor.Cap);
        Fit("nut", FakeExtractor.Nut);
    }

    private string Banks => _folder["banks"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(FakeExtractor.Cap, 0, null)]
    [InlineData(FakeExtractor.Nut, 30, null)]
    [InlineData(FakeExtractor.Nut, 30, "cap")]
    public async Task Replay_NothingChanged_IsTheSame(byte product, byte deviation, string? recipe)
    {
        Inspect("a", product, deviation, recipe);
        var report = await ReplayAsync("a");

        Assert.Equal(ReplayOutcome.Same, report.Outcome);
        Assert.Equal(report.Stored, report.Replayed);
        Assert.NotNull(report.Replayed!.Score);
        Assert.Equal(recipe is null ? 2 : 1, report.RoutedOver!.Count);
    }

    [Fact]
    public async Task Replay_NewerBankInUse_TakesTheVersionThatDecided()
    {
        Inspect("a", FakeExtractor.Cap, 30);
        Fit("cap", FakeExtractor.Nut);
        var report = await ReplayAsync("a");

        Assert.Equal(ReplayOutcome.Same, report.Outcome);
        Assert.Equal(["cap-v1", "nut-v1"], report.RoutedOver);
    }

    [Theory]
    [InlineData(1.00001f, 1, true)]
    [InlineData(1, 1.0005f, true)]
    [InlineData(1.01f, 1, false)]
    [InlineData(1, 1.01f, false)]
    public async Task Replay_OtherNumbersOnRecord_SaysHowFarTheyAreApart(float score, float route, bool near)
    {
        Inspect("a", FakeExtractor.Nut, 30, "cap", v => v with { Score = v.Score * score, RouteDistance = v.RouteDistance * route });
        var report = await ReplayAsync("a");

        Assert.Equal(near ? ReplayOutcome.WithinTolerance : ReplayOutcome.Different, report.Outcome);
        Assert.NotEqual(report.Stored, report.Replayed);
    }

    [Fact]
    public async Task Replay_OtherVerdictOnRecord_IsDifferentHoweverCloseTheNumbers()
    {
        Inspect("a", FakeExtractor.Cap, 30, change: v => v with { Decision = Decision.Accept });
        Assert.Equal(ReplayOutcome.Different, (await ReplayAsync("a")).Outcome);
    }

    [Fact]
    public async Task Replay_AnotherBankNowDrawsTheFrame_IsDifferentAndSaysSo()
    {
        Inspect("a", FakeExtractor.Cap, 30);
        Fit("bolt", FakeExtractor.Cap);
        var report = await ReplayAsync("a");

        Assert.Equal((ReplayOutcome.Different, "bolt"), (report.Outcome, report.Replayed!.Category));
        Assert.Contains("routed to 'bolt' now, it was to 'cap'", report.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(0.25)]
    public async Task Replay_CalibrationHasChangedSince_TakesTheOneThatDecided(float threshold)
    {
        var own = BankFile.ReadNewest(Banks, ["cap"])[0];
        var later = own.With(own.Calibration with { Threshold = threshold, Lambda = 0.1f });
        CalibrationHistory.Record(_store, [own], _time);
        Inspect("own", FakeExtractor.Cap, 15);
        _time.Advance(TimeSpan.FromDays(1));
        CalibrationHistory.Record(_store, [later], _time);
        Inspect("later", FakeExtractor.Cap, 15, by: b => b.With(later.Calibration));
        Inspect("own again", FakeExtractor.Cap, 15);

        foreach (var (id, bank, since) in new[] { ("own", own, 0), ("later", later, 1), ("own again", own, 0) })
        {
            foreach (var present in new[] { own, later })
            {
                var report = await Open(_archive.Folder, present).ReplayAsync(new(id), default);
                Assert.Equal((ReplayOutcome.Same, bank.Calibration.Threshold), (report.Outcome, report.Replayed!.Threshold));
                Assert.Equal(_time.GetUtcNow().AddDays(since - 1), report.CalibrationSince);
                Assert.Contains($"of bank 'cap-v1', by its calibration of {report.CalibrationSince:u}, is repeated to the last bit.", report.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Replay_CalibrationsOfOneThreshold_TakesTheOneOfThatScore()
    {
        var own = BankFile.ReadNewest(Banks, ["cap"])[0];
        var calibrations = new[] { 0f, 0.1f, 0.2f }.Select(l => own.Calibration with { Lambda = l }).ToArray();
        CalibrationHistory.Record(_store, calibrations.Select(own.With), _time);
        foreach (var calibration in calibrations)
        {
            Inspect($"{calibration.Lambda}", FakeExtractor.Cap, 15, by: b => b.With(calibration));
            Assert.Equal(ReplayOutcome.Same, (await ReplayAsync($"{calibration.Lambda}")).Outcome);
        }
    }

    [Fact]
    public async Task Replay_CalibrationNotOnRecord_SaysSo()
    {
        CalibrationHistory.Record(_store, BankFile.ReadNewest(Banks, []), _time);
        Inspect("a", FakeExtractor.Cap, 15, by: b => b.With(b.Calibration with { Threshold = 4 }));
        var report = await ReplayAsync("a");

        Assert.Equal(ReplayOutcome.Different, report.Outcome);
        Assert.Equal("No calibration of bank 'cap-v1' is on record that has the threshold 4 of the verdict; its present one has 1. Look for it in an older backup of the store.", report.Message);
    }

    [Fact]
    public async Task Replay_BankFileGone_NamesItAndTheRemedy()
    {
        Inspect("a", FakeExtractor.Cap, 30);
        Fit("cap", FakeExtractor.Cap, BankFile.Read(Path.Combine(Banks, "cap-v1.scbank")).Manifest.Created.AddYears(1));
        File.Delete(Path.Combine(Banks, "cap-v1.scbank"));
        var report = await ReplayAsync("a");

        Assert.Equal(ReplayOutcome.BankMissing, report.Outcome);
        Assert.StartsWith($"Bank 'cap-v1' (sha256 {report.Bank!.Sha256}) is not in '{Banks}' any more. Put that file back", report.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_BackboneIsAnother_NamesBoth()
    {
        Fit("lid", FakeExtractor.Cap, backboneSha256: new string('b', 64));
        Inspect("a", FakeExtractor.Cap, 30, "lid");
        var report = await ReplayAsync("a");

        Assert.Equal(ReplayOutcome.BackboneDiffers, report.Outcome);
        Assert.Contains("Bank 'lid-v1' was fitted with backbone 'fake'", report.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Replay_FrameFileChanged_IsFoundOut(bool sameLength)
    {
        Inspect("a", FakeExtractor.Cap, 30);
        var file = _folder["evidence/" + Assert.Single(_archive.Files())];
        var bytes = File.ReadAllBytes(file);
        bytes[^20] ^= 1;
        File.WriteAllBytes(file, sameLength ? bytes : [.. bytes, 0]);

        var report = await ReplayAsync("a");

        Assert.Equal(ReplayOutcome.FrameChanged, report.Outcome);
        Assert.Contains($"'{file}' is not the one that was written", report.Message, StringComparison.Ordinal);
        Assert.Null(report.Replayed);
    }

    [Fact]
    public async Task Replay_NoFrame_SaysWhy()
    {
        Inspect("kept", FakeExtractor.Cap, 30);
        _archive.DeleteOldest(_ => true);
        Inspect("accepted", FakeExtractor.Cap, 0, keep: false);
        Inspect("gone", FakeExtractor.Cap, 30);
        File.Delete(_folder["evidence/" + Assert.Single(_archive.Files())]);

        Assert.Contains("retention", await NoFrameAsync("kept"), StringComparison.Ordinal);
        Assert.Contains("AcceptSampling", await NoFrameAsync("accepted"), StringComparison.Ordinal);
        Assert.Contains("is gone", await NoFrameAsync("gone"), StringComparison.Ordinal);
        Assert.Contains("Evidence:Folder", (await Open(evidence: null).ReplayAsync(new("gone"), default)).Message, StringComparison.Ordinal);

        async Task<string> NoFrameAsync(string id)
        {
            var report = await ReplayAsync(id);
            Assert.Equal(ReplayOutcome.NoFrame, report.Outcome);
            return report.Message;
        }
    }

    [Fact]
    public async Task Replay_ErrorWithoutScore_HasNothingToCompare()
    {
        Inspect("a", FakeExtractor.Cap, 30, change: _ => Verdict.Error("deadline_missed: too slow"));
        var report = await ReplayAsync("a");

        Assert.Equal(ReplayOutcome.NotScored, report.Outcome);
        Assert.Contains("deadline_missed", report.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("\"7\"")]
    [InlineData("\"\\u0037\"")]
    [InlineData("größe \"3\"")]
    public async Task Replay_IdAsItCameOrAsText_FindsTheRecord(string token)
    {
        token = token.StartsWith('g') ? System.Text.Json.JsonSerializer.Serialize(token) : token;
        Inspect(token, FakeExtractor.Cap, 30, isToken: true);
        using var document = System.Text.Json.JsonDocument.Parse(token);
        var text = document.RootElement.ToString();

        Assert.Equal(ReplayOutcome.Same, (await ReplayAsync(token)).Outcome);
        Assert.Equal(token.Contains("\\u0037", StringComparison.Ordinal) ? ReplayOutcome.NoSuchTrigger : ReplayOutcome.Same, (await ReplayAsync(text)).Outcome);
        Assert.Equal(ReplayOutcome.NoSuchTrigger, (await ReplayAsync("8")).Outcome);
    }

    [Fact]
    public async Task Replay_SeveralOfThatId_AsksForEpochOrStation()
    {
        Inspect("a", FakeExtractor.Cap, 30);
        Inspect("a", FakeExtractor.Cap, 30, epoch: "8");
        Inspect("a", FakeExtractor.Cap, 30, station: "plant/line/two");
        var replayer = Open(_archive.Folder);

        var ambiguous = await replayer.ReplayAsync(new("a"), default);
        Assert.Equal(ReplayOutcome.Ambiguous, ambiguous.Outcome);
        Assert.Contains("epoch 8, station plant/line/one", ambiguous.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await replayer.ReplayAsync(new("a", "8"), default)).Seq);
        Assert.Equal(3, (await replayer.ReplayAsync(new("a", Station: "plant/line/two"), default)).Seq);
        Assert.Equal(ReplayOutcome.NoSuchTrigger, (await replayer.ReplayAsync(new("a", "9"), default)).Outcome);
    }

    private Task<ReplayReport> ReplayAsync(string id) => Open(_archive.Folder).ReplayAsync(new(id), TestContext.Current.CancellationToken);

    private Replayer Open(string? evidence, ProductBank? inUse = null)
    {
        var present = BankFile.ReadNewest(Banks, []).Select(b => b.Sha256 == inUse?.Sha256 ? inUse : b).ToArray();
        var shared = new SharedScorer(new HostScorer(_extractor, _time), new ModelOptions(), _time);
        return new Replayer(_store, evidence, Banks, ExecutionProvider.Cpu, _codec, _ => present, _ => shared);
    }

    private void Fit(string category, byte product, DateTimeOffset? created = null, string? backboneSha256 = null) =>
        BankFile.Write(_extractor.Bank(category, product, backboneSha256: backboneSha256), Banks, created ?? _time.GetUtcNow());

    private void Inspect(string id, byte product, byte deviation, string? recipe = null, Func<Verdict, Verdict>? change = null, bool keep = true, bool isToken = false, string epoch = "7", string station = Station, Func<ProductBank, ProductBank>? by = null)
    {
        var frame = new RgbImage(1, 1, [product, deviation, 0]);
        var features = _extractor.Extract(frame, FrameMode.FullFrame);
        var banks = BankFile.ReadNewest(Banks, []);
        var route = BankRouter.Route(features, [.. banks.Select(b => b.Routing)]);
        var bank = banks.Single(b => b.Manifest.Category == (recipe ?? route.Category));
        bank = by?.Invoke(bank) ?? bank;
        var verdict = InspectionPipeline.Judge(bank, route.Distances[bank.Manifest.Category], bank.Score(features));
        var trigger = new AcceptedTrigger(station, epoch, isToken ? id : $"\"{id}\"", null, recipe, null, _time.GetUtcNow(), _time.GetUtcNow());
        _store.TryAccept(trigger);
        var record = _store.Complete(new InspectionRecord(trigger, (change ?? (v => v))(verdict), "frame", null, null, 1, _time.GetUtcNow()));
        if (keep)
        {
            _archive.Keep(record, EvidenceKind.Frame, file => _codec.EncodePng(frame, file));
        }
    }
}
