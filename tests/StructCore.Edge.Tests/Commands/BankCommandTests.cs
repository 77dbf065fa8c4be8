using System.Text.Json;
using StructCore.Edge.BankUpdates.Activation;
using StructCore.Edge.BankUpdates.Packages;
using StructCore.Edge.BankUpdates.Signing;
using StructCore.Edge.Commands;
using StructCore.Vision.Calibration;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Inference;

namespace StructCore.Tests.Commands;

[Collection(nameof(FittedProductsCollection))]
public sealed class BankCommandTests(FittedProducts products) : IAsyncLifetime
{
    private readonly UpdateCommands _verbs = new();

    private string Bank => Path.Combine(products.Banks, "disc-v1.scbank");

    private string Packages => _verbs.Folder["packages"];

    private string Package => Path.Combine(Packages, "disc-v1.scbank");

    public async ValueTask InitializeAsync() => await _verbs.WithTrustAsync();

    public ValueTask DisposeAsync()
    {
        _verbs.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Sign_ThenVerify_HoldsWithTheTrustFile()
    {
        await _verbs.DoAsync(Sign());
        Assert.Contains($"signed by {UpdateCommands.Id(_verbs.Line)}", _verbs.Output, StringComparison.Ordinal);
        await _verbs.DoAsync("bank", "verify", Package, "--trust", _verbs.TrustFile);
        Assert.StartsWith($"{Package}: 'disc-v1' is whole, signed by {UpdateCommands.Id(_verbs.Line)} as trust document 1 asks, to be used until ", _verbs.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sign_BankInside_IsTheSameBank()
    {
        await _verbs.DoAsync(Sign());
        var (bank, packed) = (BankFile.Read(Bank), BankFile.Read(Package));
        Assert.Equal(bank.Memory.Values, packed.Memory.Values);
        Assert.Equal(bank.Routing.Prototypes, packed.Routing.Prototypes);
        Assert.Equal(bank.Manifest.Entries.Select(e => e.Sha256), packed.Manifest.Entries.Select(e => e.Sha256));
        Assert.NotEqual(bank.Sha256, packed.Sha256);
    }

    [Fact]
    public async Task Sign_ParityImages_AreWhatTheBackboneSees()
    {
        await _verbs.DoAsync(Sign());
        var package = BankPackage.Open(Package, BankPackage.ReadRelease(Package));
        using var extractor = OnnxFeatureExtractor.Open(SharedFiles.EmbeddedBackbone);
        Assert.Equal(JsonSerializer.Serialize(package.Manifest.Parity.Cases), JsonSerializer.Serialize(ParityGate.Measure(package.Bank, new HostScorer(extractor, TimeProvider.System), package.ParityImages)));
        Assert.Equal([false, true], package.Manifest.Parity.Cases.Select(c => c.Rejected));

        // What is judged from a crop is what would have been judged from the frame.
        var frame = extractor.Extract(FittedProducts.Codec.Decode(File.ReadAllBytes(products.Defective("disc")), "x"), package.Bank.Manifest.Frame);
        Assert.Equal(package.Bank.Score(frame).Score.Hybrid, package.Manifest.Parity.Cases[1].Score);
    }

    [Fact]
    public async Task Sign_Folder_TakesImagesFromAllOfIt()
    {
        await _verbs.DoAsync(Sign("--parity", Path.Combine(products.Images, "disc", "train", "good"), "--parity-images", "3"));
        Assert.Equal(3, ReleaseManifest.Read(BankPackage.ReadRelease(Package)).Parity.Cases.Count);
        Assert.Equal(["a/0.png", "a/2.png", "a/4.png"], Chosen(6, 3));
        Assert.Equal(["a/0.png", "a/1.png"], Chosen(2, 4));
        Assert.Throws<CommandFailedException>(() => Chosen(0, 4));
        Assert.Throws<CommandFailedException>(() => Chosen(17, 17));
    }

    [Fact]
    public async Task Sign_SignedPackage_SignsAnew()
    {
        await _verbs.DoAsync(Sign());
        var again = _verbs.Folder["again"];
        await _verbs.DoAsync("bank", "sign", Package, "--parity", products.Good("disc"), "--key", UpdateCommands.Private(_verbs.Root), "--models", FittedProducts.Models, "--out", again);
        Assert.Equal([UpdateCommands.Id(_verbs.Root)], BankPackage.ReadRelease(Path.Combine(again, "disc-v1.scbank")).Signatures.Select(s => s.KeyId));
    }

    [Fact]
    public async Task Sign_IntoTheBanksFolder_IsWrongUse()
    {
        Assert.Equal(CommandLineRunner.WrongUse, await _verbs.RunAsync("bank", "sign", Bank, "--parity", products.Good("disc"), "--key", UpdateCommands.Private(_verbs.Line), "--out", products.Banks + "/"));
        Assert.Contains("--out is the bank's own folder", _verbs.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--feature-tolerance", "0", CommandLineRunner.WrongUse)]
    [InlineData("--score-tolerance", "1.1", CommandLineRunner.WrongUse)]
    [InlineData("--expires", "x", CommandLineRunner.WrongUse)]
    [InlineData("--minimum-agent", "newest", CommandLineRunner.Failed)]
    public async Task Sign_ValueOutOfRange_WritesNothing(string option, string value, int code)
    {
        Assert.Equal(code, await _verbs.RunAsync(Sign(option, value)));
        Assert.False(File.Exists(Package));
    }

    [Fact]
    public async Task Verify_EveryRefusal_SaysItsCode()
    {
        await _verbs.DoAsync(Sign("--key", UpdateCommands.Private(_verbs.Root)));
        Assert.Equal(CommandLineRunner.Failed, await _verbs.RunAsync("bank", "verify", Package, "--trust", _verbs.TrustFile));
        Assert.StartsWith("structcore: wrong_key: ", _verbs.Error, StringComparison.Ordinal);

        Assert.Equal(CommandLineRunner.Failed, await _verbs.RunAsync("bank", "verify", Bank, "--trust", _verbs.TrustFile));
        Assert.StartsWith("structcore: malformed: ", _verbs.Error, StringComparison.Ordinal);

        await _verbs.DoAsync(Sign());
        var bytes = File.ReadAllBytes(Package);
        bytes[100] ^= 1;
        File.WriteAllBytes(Package, bytes);
        Assert.Equal(CommandLineRunner.Failed, await _verbs.RunAsync("bank", "verify", Package, "--trust", _verbs.TrustFile));
        Assert.StartsWith("structcore: damaged: ", _verbs.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_APackage_TellsFilesAndScores()
    {
        await _verbs.DoAsync(Sign());
        await _verbs.DoAsync("bank", "inspect", Package);
        Assert.Contains(PackageFile.Of(Package).Sha256, _verbs.Output, StringComparison.Ordinal);
        Assert.Matches(@"parity\.u1 +[0-9a-f]{64} +301056", _verbs.Output);
        Assert.Matches(@"2 +REJECT ", _verbs.Output);

        await _verbs.DoAsync("bank", "inspect", Package, "--json");
        using var json = JsonDocument.Parse(_verbs.Output);
        Assert.Equal("disc-v1", json.RootElement.GetProperty("release").GetProperty("id").GetString());
        Assert.Equal(UpdateCommands.Id(_verbs.Line), json.RootElement.GetProperty("signed_by")[0].GetString());
        Assert.Equal(new FileInfo(Package).Length, json.RootElement.GetProperty("package").GetProperty("bytes").GetInt64());
    }

    [Fact]
    public async Task Calibrate_ABank_SignsItsCalibrationWithTheNewThreshold()
    {
        var file = _verbs.Folder["calibration.json"];
        await _verbs.DoAsync("bank", "calibrate", Bank, "--threshold", "1.5", "--number", "2", "--key", UpdateCommands.Private(_verbs.Line), "--out", file);
        var document = SignedDocument.Parse(File.ReadAllBytes(file));
        var content = CalibrationDocument.Read(document);
        Assert.Equal(("disc", 1, 2), (content.Category, content.BankVersion, content.Number));
        Assert.Equal(BankFile.Read(Bank).Calibration with { Threshold = 1.5f, FalseReject = null }, content.Calibration);
        Assert.Equal([UpdateCommands.Id(_verbs.Line)], document.Signatures.Select(s => s.KeyId));

        await _verbs.DoAsync("bank", "calibrate", Bank, "--threshold", "1.5", "--lambda", "0.5", "--number", "3", "--key", UpdateCommands.Private(_verbs.Line), "--out", file);
        Assert.Equal(0.5f, CalibrationDocument.Read(SignedDocument.Parse(File.ReadAllBytes(file))).Calibration.Lambda);
    }

    [Fact]
    public async Task Calibrate_Unknown_ChangesThatLimitAlone()
    {
        var file = _verbs.Folder["calibration.json"];
        string[] calibrate = ["bank", "calibrate", Bank, "--number", "1", "--key", UpdateCommands.Private(_verbs.Line), "--out", file, "--unknown"];
        await _verbs.DoAsync([.. calibrate, "0.25"]);
        Assert.Equal(BankFile.Read(Bank).Calibration with { UnknownShare = 0.25 }, Written());
        Assert.StartsWith("unknown products: refused where the cover distance is beyond ", _verbs.Output, StringComparison.Ordinal);

        await _verbs.DoAsync([.. calibrate, "0"]);
        Assert.Equal(BankFile.Read(Bank).Calibration with { UnknownShare = null }, Written());
        Assert.StartsWith("unknown products: none is refused", _verbs.Output, StringComparison.Ordinal);

        ScoreCalibration Written() => CalibrationDocument.Read(SignedDocument.Parse(File.ReadAllBytes(file))).Calibration;
    }

    [Fact]
    public async Task Calibrate_UnknownOfABankWithoutNormalScores_SaysWhatToDo()
    {
        var bank = BankFile.Read(Bank);
        var old = BankFile.Write(bank.With(bank.Calibration with { Normal = null }), _verbs.Folder["old"], TimeProvider.System.GetUtcNow());
        var file = _verbs.Folder["calibration.json"];
        Assert.Equal(CommandLineRunner.Failed, await _verbs.RunAsync(["bank", "calibrate", old, "--unknown", "0.01", "--number", "1", "--key", UpdateCommands.Private(_verbs.Line), "--out", file]));
        Assert.Contains("'disc-v1' keeps no normal scores", _verbs.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
    }

    [Theory]
    [InlineData("--lambda", "0.5")]
    [InlineData("--expires", "1d")]
    public async Task Calibrate_NeitherThresholdNorUnknown_SaysWhatItTakes(string option, string value)
    {
        Assert.Equal(CommandLineRunner.WrongUse, await _verbs.RunAsync(["bank", "calibrate", Bank, option, value, "--number", "1", "--key", UpdateCommands.Private(_verbs.Line), "--out", _verbs.Folder["calibration.json"]]));
        Assert.Contains("bank calibrate takes --threshold, --unknown or both", _verbs.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sign_Help_ShowsHowLongItCountsOnceAndAsItIsWritten()
    {
        await _verbs.DoAsync("bank", "sign", "--help");
        var life = Assert.Single(_verbs.Output.Split('\n'), l => l.Contains("--expires", StringComparison.Ordinal));
        Assert.EndsWith("such as 365d, 12h or 30m [default: 365d]", life.TrimEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--threshold", "0", CommandLineRunner.WrongUse)]
    [InlineData("--threshold", "NaN", CommandLineRunner.WrongUse)]
    [InlineData("--lambda", "-1", CommandLineRunner.WrongUse)]
    [InlineData("--unknown", "1.5", CommandLineRunner.WrongUse)]
    [InlineData("--lambda", "Infinity", CommandLineRunner.WrongUse)]
    [InlineData("--number", "0", CommandLineRunner.Failed)]
    public async Task Calibrate_ValueOutOfRange_WritesNothing(string option, string value, int code)
    {
        string[] values = [.. new[] { ("--threshold", "1"), ("--number", "1"), ("--lambda", "0"), ("--unknown", "0.5") }.SelectMany(o => new[] { o.Item1, o.Item1 == option ? value : o.Item2 })];
        var file = _verbs.Folder["calibration.json"];
        Assert.Equal(code, await _verbs.RunAsync(["bank", "calibrate", Bank, .. values, "--key", UpdateCommands.Private(_verbs.Line), "--out", file]));
        Assert.DoesNotContain("internal error", _verbs.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task Override_OfTheTrustRole_IsShortLived()
    {
        var file = _verbs.Folder["override.json"];
        string[] leave = ["bank", "override", "--category", "cap", "--version", "3", "--reason", "J. Doe: v4 rejects the new lid", "--key", UpdateCommands.Private(_verbs.Root), "--out", file];
        await _verbs.DoAsync(leave);
        var content = OverrideDocument.Read(SignedDocument.Parse(File.ReadAllBytes(file)));
        Assert.Equal(("cap", 3, TimeSpan.FromDays(2)), (content.Category, content.Version, content.Expires - content.Created));

        File.Delete(file);
        Assert.Equal(CommandLineRunner.Failed, await _verbs.RunAsync([.. leave, "--expires", "60d"]));
        Assert.Contains("within 31 days", _verbs.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
    }

    private static IReadOnlyList<string> Chosen(int images, int count)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["a"]);
        for (var i = 0; i < images; i++)
        {
            File.WriteAllBytes(folder[$"a/{i}.png"], []);
        }

        return [.. ParityImages.Choose([folder["a"]], count).Select(p => Path.GetRelativePath(folder.Path, p))];
    }

    private string[] Sign(params string[] instead)
    {
        (string Name, string[] Values)[] options =
        [
            ("--parity", [products.Good("disc"), products.Defective("disc")]),
            ("--key", [UpdateCommands.Private(_verbs.Line)]),
            ("--models", [FittedProducts.Models]),
            ("--out", [Packages]),
        ];
        return ["bank", "sign", Bank, .. options.Where(o => !instead.Contains(o.Name)).SelectMany(o => new[] { o.Name }.Concat(o.Values)), .. instead];
    }
}
