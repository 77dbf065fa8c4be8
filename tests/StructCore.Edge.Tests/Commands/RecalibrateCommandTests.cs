using System.Text.Json;
using StructCore.Edge.BankUpdates.Packages;
using StructCore.Edge.BankUpdates.Signing;
using StructCore.Edge.Commands;
using StructCore.Edge.Evidence;
using StructCore.Edge.Native.Sqlite;
using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;
using StructCore.Vision.Calibration;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Tests.Commands;

[Collection(nameof(FittedProductsCollection))]
public sealed class RecalibrateCommandTests(FittedProducts products) : IAsyncLifetime
{
    private readonly UpdateCommands _verbs = new();

    private string Bank => Path.Combine(products.Banks, "disc-v1.scbank");

    private string Good => Path.Combine(products.Images, "disc", "test", "good");

    private string Target => _verbs.Folder["calibration.json"];

    private ScoreCalibration Before => BankFile.Read(Bank).Calibration;

    private CalibrationDocument Written => CalibrationDocument.Read(SignedDocument.Parse(File.ReadAllBytes(Target)));

    public async ValueTask InitializeAsync() => await _verbs.WithTrustAsync();

    public ValueTask DisposeAsync()
    {
        _verbs.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Images_JoinThoseOfTheBank_ScoredAgainstItAsItIs()
    {
        await _verbs.DoAsync(Recalibrate("--images", Good));
        var (content, before) = (Written, Before);

        Assert.Equal(("disc", 1, 1), (content.Category, content.BankVersion, content.Number));
        Assert.Equal(before.Normal!.Concat(Scores()), content.Calibration.Normal);
        Assert.Equal(Calibrator.Calibrate(content.Calibration.Normal!, before.Method, before.Distance, before.Rule) with { UnknownShare = before.UnknownShare }, content.Calibration);
        Assert.StartsWith("disc-v1, before: 6 images, ", _verbs.Output, StringComparison.Ordinal);
        Assert.Contains($"  3 new images, {Scores().Count(s => before.Rejects(before.Score(s.Map.Maximum, s.Map.Structure)))} of them", _verbs.Output, StringComparison.Ordinal);
        Assert.Contains("disc-v1, after: 9 images, ", _verbs.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Images_ThatReplace_AreAllThatCountsAndHeldOut()
    {
        await _verbs.DoAsync(Recalibrate("--images", Good, "--replace", "--false-reject", "0.25"));
        var calibration = Written.Calibration;

        Assert.Equal(Scores(), calibration.Normal);
        Assert.Equal((CalibrationMethod.HeldOut, 0.25, 3), (calibration.Method, calibration.FalseReject, calibration.Images));
    }

    [Fact]
    public async Task Images_JoinACalibrationThatCameLater()
    {
        await _verbs.DoAsync(Recalibrate("--images", Good, "--replace"));
        var first = _verbs.Folder["first.json"];
        File.Move(Target, first);
        await _verbs.DoAsync(Recalibrate("--images", Good, "--onto", first, "--number", "2"));

        Assert.Equal((6, 2, CalibrationMethod.HeldOut), (Written.Calibration.Images, Written.Number, Written.Calibration.Method));
    }

    [Fact]
    public async Task AcceptedParts_ThatTheAgentKept_AreScoredFromItsEvidence()
    {
        Keep();
        await _verbs.DoAsync(Recalibrate("--accepted", Configuration(), "--replace"));
        Assert.Equal(Scores(), Written.Calibration.Normal);
        Assert.Contains("parts that a threshold had accepted", _verbs.Output, StringComparison.Ordinal);

        Assert.Equal(CommandLineRunner.Failed, await _verbs.RunAsync(Recalibrate("--accepted", Configuration(), "--since", "2031-01-01")));
        Assert.Contains("No frame of an accepted 'disc' since 2031-01-01", _verbs.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calibration_ThatNothingCanJoin_IsRefusedBeforeAnythingIsScored()
    {
        var old = BankFile.Read(Bank);
        var bank = BankFile.Write(old.With(old.Calibration with { Normal = null }), _verbs.Folder["old"], DateTimeOffset.UnixEpoch.AddYears(50));
        Assert.Equal(CommandLineRunner.Failed, await _verbs.RunAsync(["recalibrate", bank, .. Recalibrate("--images", Good)[2..]]));
        Assert.StartsWith("structcore: New images cannot join the 6 images of this calibration: an older program made it", _verbs.Error, StringComparison.Ordinal);

        await _verbs.DoAsync(["recalibrate", bank, .. Recalibrate("--images", Good, "--replace")[2..]]);
        Assert.Contains("disc-v1, before: 6 images", _verbs.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CommandLineRunner.WrongUse, "takes either --images")]
    [InlineData(CommandLineRunner.WrongUse, "takes either --images", "--images", "x", "--accepted", "y")]
    [InlineData(CommandLineRunner.WrongUse, "--since is an option of --accepted", "--images", "x", "--since", "2026-01-01")]
    [InlineData(CommandLineRunner.Failed, "Image folder 'x' has no images right in it", "--images", "x")]
    [InlineData(CommandLineRunner.WrongUse, "--false-reject must lie above 0", "--images", "x", "--false-reject", "0")]
    public async Task Arguments_ThatMakeNoSense_WriteNothing(int code, string message, params string[] arguments)
    {
        Assert.Equal(code, await _verbs.RunAsync(Recalibrate(arguments)));
        Assert.Contains(message, _verbs.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Target));
    }

    [Fact]
    public async Task Onto_OfAnotherBank_IsRefused()
    {
        var other = _verbs.Folder["other.json"];
        await _verbs.DoAsync("bank", "calibrate", Path.Combine(products.Banks, "stripes-v1.scbank"), "--threshold", "1", "--number", "1", "--key", UpdateCommands.Private(_verbs.Line), "--out", other);

        Assert.Equal(CommandLineRunner.Failed, await _verbs.RunAsync(Recalibrate("--images", Good, "--onto", other)));
        Assert.Contains($"--onto '{other}' is a calibration of 'stripes-v1', not of 'disc-v1'", _verbs.Error, StringComparison.Ordinal);
    }

    private string[] Recalibrate(params string[] more) =>
        ["recalibrate", Bank, .. more.Contains("--number") ? Array.Empty<string>() : ["--number", "1"], "--models", FittedProducts.Models, "--key", UpdateCommands.Private(_verbs.Line), "--out", Target, .. more];

    /// <summary>The good test images by the bank, one after the other.</summary>
    private NormalScore[] Scores()
    {
        var bank = BankFile.Read(Bank);
        using var extractor = OnnxFeatureExtractor.Open(SharedFiles.EmbeddedBackbone);
        return [.. ImageFiles.In(Good).Select(file =>
        {
            using var frame = FittedProducts.Codec.Load(file);
            using var features = extractor.Extract(frame, bank.Manifest.Frame);
            var scored = bank.Score(features);
            var route = BankRouter.Route(features, [bank.Routing]);
            return new NormalScore(new(scored.Score.Base, scored.Structure), route.Distances["disc"], route.CoverDistances["disc"]);
        })];
    }

    private string Configuration()
    {
        var file = _verbs.Folder["line.json"];
        File.WriteAllText(file, JsonSerializer.Serialize(new
        {
            Stations = new[] { new { Id = "one", Camera = "left" } },
            Cameras = new[] { new { Id = "left", Kind = "opencv", Source = "0" } },
            Store = new { Path = "store.db" },
            Evidence = new { Folder = "evidence" },
        }));
        return file;
    }

    /// <summary>What an agent leaves: the good test images accepted, and one that was rejected, one of another product, one without its frame.</summary>
    private void Keep()
    {
        using var store = new SqliteInspectionStore(_verbs.Folder["store.db"], TimeProvider.System);
        var archive = new EvidenceArchive(new EvidenceOptions { Folder = _verbs.Folder["evidence"] }, store, TimeProvider.System);
        foreach (var image in ImageFiles.In(Good))
        {
            archive.Keep(Inspect(Decision.Accept, "disc"), EvidenceKind.Frame, file => file.Write(File.ReadAllBytes(image)));
        }

        archive.Keep(Inspect(Decision.Reject, "disc"), EvidenceKind.Frame, file => file.Write(File.ReadAllBytes(products.Defective("disc"))));
        archive.Keep(Inspect(Decision.Accept, "stripes"), EvidenceKind.Frame, file => file.Write(File.ReadAllBytes(products.Good("stripes"))));
        Inspect(Decision.Accept, "disc");

        InspectionRecord Inspect(Decision decision, string category)
        {
            var at = new DateTimeOffset(2030, 2, 3, 4, 5, 6, TimeSpan.Zero);
            var trigger = new AcceptedTrigger("site1/line1/one", "7", $"\"{store.Ledger().LastSequence}\"", null, null, null, at, at);
            store.TryAccept(trigger);
            return store.Complete(new(trigger, new Verdict(decision, "test") { Category = category }, null, at, 1, 1, at));
        }
    }
}
