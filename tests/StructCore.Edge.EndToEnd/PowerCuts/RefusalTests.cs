using System.Text;
using System.Text.Json.Nodes;
using StructCore.Edge.BankUpdates.Packages;
using StructCore.Edge.BankUpdates.Signing;
using StructCore.Vision.Calibration;
using StructCore.Vision.Fitting;

namespace StructCore.Tests.PowerCuts;

/// <summary>Everything that must not be taken, offered to a whole station over a real broker and a real web server.</summary>
[Collection(PowerCutCollection.Name)]
[Trait("Suite", "powercuts")]
public sealed class RefusalTests(FittedParts parts, Releases releases, PowerCutSheet sheet)
{
    private static readonly string OtherSha256 = new('b', 64);

    private Decider First => releases.Decider(releases.Unsigned(1));

    [Fact]
    public async Task Release_WrongInAnyWay_IsRefused()
    {
        await using var desk = await OpenAsync();
        string Sign(Func<ReleaseDraft, ReleaseDraft>? change = null, params SigningKey[] keys) => releases.Sign(2, desk.NewFolder(), change, keys);
        Task Refuse(string what, string code, string package) => desk.RefuseAsync(what, code, () => desk.PublishAsync(package));
        var good = Sign();
        var release = BankPackage.ReadRelease(good);
        var manifest = ReleaseManifest.Read(release);
        Task RefuseManifest(string what, string code, ReleaseManifest changed) => desk.RefuseAsync(what, code, () => desk.PublishAsync(File.ReadAllBytes(good), SignedDocument.Sign(changed, releases.Signer)));

        await Refuse("wrong key", "wrong_key", Sign(keys: releases.Stranger));
        await Refuse("signed by the trust role's key", "wrong_key", Sign(keys: releases.Root));
        await desk.RefuseAsync("changed after it was signed", "bad_signature", () => desk.PublishAsync(File.ReadAllBytes(good), release with { Payload = [.. release.Payload, (byte)' '] }));
        await desk.RefuseAsync("another document under its name", "malformed", () => desk.PublishAsync(File.ReadAllBytes(good), SignedDocument.Sign(Calibration(1), releases.Signer) with { Payload = Encoding.UTF8.GetBytes("""{"type": "calibration", "version": 2}""") }));
        await desk.RefuseAsync("desired topic written by a stranger: no signature", "malformed", () => desk.PublishAsync(File.ReadAllBytes(good), release with { Signatures = [] }));
        await desk.RefuseAsync("desired topic written by a stranger: no JSON", "malformed", () => desk.AskAsync("version 2, please"u8.ToArray()));
        await Refuse("expired", "expired", Sign(d => d with { Created = d.Created.AddDays(-9), Expires = d.Created.AddMinutes(-1) }));
        await Refuse("not valid yet", "expired", Sign(d => d with { Created = d.Created.AddDays(9), Expires = d.Created.AddDays(10) }));
        await Refuse("made for a later agent", "agent_too_old", Sign(d => d with { MinimumAgent = "99.0.0" }));
        await Refuse("wrong backbone", "wrong_backbone", Sign(d => d with { Backbone = d.Backbone with { Sha256 = OtherSha256 } }));
        await Refuse("other preprocessing", "wrong_backbone", Sign(d => d with { Backbone = d.Backbone with { PreprocessSha256 = OtherSha256 } }));
        await Refuse("other fusing", "wrong_backbone", Sign(d => d with { Backbone = d.Backbone with { FuseSha256 = OtherSha256 } }));
        await Refuse("parity failure: score", "parity_failed", Sign(d => d with { Parity = d.Parity with { Cases = [.. d.Parity.Cases.Select(c => c with { Score = c.Score * 1.01f })] } }));
        await Refuse("parity failure: features", "parity_failed", Sign(d => d with { Parity = d.Parity with { Cases = [.. d.Parity.Cases.Select(c => c with { Features = [.. c.Features.Reverse()] })] } }));
        await Refuse("parity failure: verdict", "parity_failed", Sign(d => d with { Parity = d.Parity with { Cases = [.. d.Parity.Cases.Select(c => c with { Rejected = !c.Rejected })] } }));
        await RefuseManifest("manifest of another category", "wrong_category", manifest with { Category = "blister", Id = "blister-v2" });
        await RefuseManifest("path traversal in the category", "malformed", manifest with { Category = "../flange", Id = "../flange-v2" });
        await RefuseManifest("path traversal in a listed file", "malformed", manifest with { Files = [.. manifest.Files.Select(f => f with { Name = "../" + f.Name })] });
        desk.Close();
    }

    [Fact]
    public async Task Version_ThatWasOrWillNotBe_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var updated = await new Changes(parts, releases, folder.Path).UpdatedAsync(3);
        await using var desk = await RefusalDesk.OpenAsync(parts, sheet, updated, releases.Decider(releases.Package(3)), c => c["Updates"]!["ShadowInspections"] = 0);
        var old = releases.Package(2);
        SignedDocument Leave(SigningKey key, int version = 2, double begins = -1) => SignedDocument.Sign(
            new OverrideDocument { Category = Releases.Category, Version = version, Created = DateTimeOffset.UtcNow.AddDays(begins), Expires = DateTimeOffset.UtcNow.AddDays(begins + 1.5), Reason = "test" },
            key);
        Task Refuse(string what, string code, SignedDocument? leave) => desk.RefuseAsync(what, code, () => desk.PublishAsync(File.ReadAllBytes(old), BankPackage.ReadRelease(old), leave: leave));

        await Refuse("replayed old desired message", "downgrade", null);
        await desk.RefuseAsync("downgrade", "downgrade", () => desk.PublishAsync(releases.Sign(2, desk.NewFolder())));
        await Refuse("override by the bank role's key", "wrong_key", Leave(releases.Signer));
        await Refuse("override past its time", "expired", Leave(releases.Root, begins: -9));
        await Refuse("override for another version", "downgrade", Leave(releases.Root, version: 1));
        await desk.RefuseAsync("bank that rejects good parts, once it decides", "guard_shift", async () =>
        {
            await desk.PublishAsync(releases.Package(Releases.Bad));
            await desk.Plc.WaitAsync("update/state", s => s.GetProperty("stage").GetString() == "guard");
            for (var i = 0; i < 2; i++)
            {
                await desk.Station.JudgeAsync();
            }
        });
        await desk.RefuseAsync("withdrawn version offered again", "withdrawn", () => desk.PublishAsync(releases.Sign(Releases.Bad, desk.NewFolder())));
        desk.Close();
    }

    [Fact]
    public async Task Shadow_BankThatRejectsGoodParts_NeverDecides()
    {
        await using var desk = await OpenAsync();
        await desk.RefuseAsync("bank that rejects good parts, in the shadow", "shadow_shift", async () =>
        {
            await desk.PublishAsync(releases.Package(Releases.Bad));
            await desk.Plc.WaitAsync("update/state", s => s.GetProperty("stage").GetString() == "shadow");
            for (var i = 0; i < 2; i++)
            {
                await desk.Station.JudgeAsync();
            }
        });
        desk.Close();
    }

    [Fact]
    public async Task Calibration_WrongInAnyWay_IsRefused()
    {
        await using var desk = await OpenAsync();
        Task Refuse(string what, string code, CalibrationDocument document, SigningKey? key = null) =>
            desk.RefuseAsync(what, code, () => desk.Plc.PublishAsync($"bank/{Releases.Category}/calibration", SignedDocument.Sign(document, key ?? releases.Signer).ToJson(), retain: true));

        await Refuse("calibration for another bank", "wrong_bank", Calibration(9));
        await Refuse("calibration of another category", "wrong_category", Calibration(1) with { Category = "blister" });
        await Refuse("calibration by a wrong key", "wrong_key", Calibration(1), releases.Stranger);
        await Refuse("calibration past its time", "expired", Calibration(1) with { Created = DateTimeOffset.UtcNow.AddDays(-9), Expires = DateTimeOffset.UtcNow.AddDays(-8) });
        await Refuse("calibration without a threshold", "malformed", Calibration(1) with { Calibration = Calibration(1).Calibration with { Threshold = 0 } });
        desk.Close();
    }

    [Fact]
    public async Task Trust_OutOfOrderOrForged_IsRefusedAndARevokedKeyCountsNoMore()
    {
        await using var desk = await OpenAsync();
        using var next = SigningKey.Create();
        var first = releases.FirstTrust();
        SignedDocument Follow(int version, SigningKey by) => SignedDocument.Sign(
            releases.TrustContent(version) with { Keys = [Releases.Key(releases.Root), Releases.Key(releases.Signer), Releases.Key(next)], Revoked = [releases.Signer.Id], Bank = new RoleKeys(1, [next.Id]) },
            by);
        Task Publish(params SignedDocument[] chain) => desk.Plc.PublishAsync("update/trust", TrustChain.ToJson(chain), retain: true);

        await desk.RefuseAsync("trust that skips a version", "trust_out_of_order", () => Publish(first, Follow(3, releases.Root)));
        await desk.RefuseAsync("trust signed by a stranger", "wrong_key", () => Publish(first, Follow(2, releases.Stranger)));
        await desk.RefuseAsync("trust signed by the bank role's key", "wrong_key", () => Publish(first, Follow(2, releases.Signer)));
        await Publish(first, Follow(2, releases.Root));
        await desk.Plc.WaitAsync("update/state", s => s.GetProperty("kind").GetString() == "trust" && s.GetProperty("stage").GetString() == "done");
        await desk.RefuseAsync("revoked key", "revoked_key", () => desk.PublishAsync(releases.Package(2)));
        desk.Close();
    }

    [Theory]
    [InlineData("one signature of two", "too_few_signatures")]
    [InlineData("trust past its time", "trust_expired")]
    public async Task Station_WithAnotherTrust_Refuses(string what, string code)
    {
        using var folder = new TemporaryFolder();
        using var second = SigningKey.Create();
        CutStation.Copy(releases.Station, folder.Path);
        var content = releases.TrustContent(1);
        content = code == "trust_expired"
            ? content with { Expires = content.Created.AddMinutes(1) }
            : content with { Keys = [.. content.Keys, Releases.Key(second)], Bank = new RoleKeys(2, [releases.Signer.Id, second.Id]) };
        await File.WriteAllBytesAsync(folder["trust.json"], TrustChain.ToJson([SignedDocument.Sign(content, releases.Root)]));
        await using var desk = await RefusalDesk.OpenAsync(parts, sheet, folder.Path, First);
        await desk.RefuseAsync(what, code, () => desk.PublishAsync(releases.Package(2)));
        desk.Close();
    }

    [Fact]
    public async Task Station_TooSlow_Refuses()
    {
        await using var desk = await OpenAsync(c =>
        {
            c["Stations"]![0]!["DeadlineMs"] = 100;
            c["Stations"]![0]!["DeadlineMarginMs"] = 90;
        });
        await desk.RefuseAsync("too slow for the station", "too_slow", () => desk.PublishAsync(releases.Sign(Releases.Slow, desk.NewFolder())));
        desk.Close();
    }

    [Fact]
    public async Task Station_ForOtherProducts_Refuses()
    {
        await using var desk = await OpenAsync(c => c["Stations"]![0]!["Categories"] = new JsonArray("flange", "blister"));
        var release = BankPackage.ReadRelease(releases.Package(2));
        var washer = SignedDocument.Sign(ReleaseManifest.Read(release) with { Category = "washer", Id = "washer-v2" }, releases.Signer);
        await desk.RefuseAsync("category the station is not configured for", "category_not_configured", () =>
            desk.Plc.PublishAsync("bank/washer/desired", new DesiredBank(washer, new PackageFile(1000, OtherSha256)).ToJson(), retain: true));
        desk.Close();
    }

    [Fact]
    public async Task Station_FullDisk_Refuses()
    {
        const string What = "disk full";
        using var disk = new SmallDisk(megabytes: 4, reason => sheet.Skip(What, reason));
        CutStation.Copy(Path.Combine(releases.Station, "banks"), Directory.CreateDirectory(disk["banks"]).FullName);
        await using var desk = await OpenAsync(c =>
        {
            c["Banks"]!["Folder"] = disk["banks"];
            c["Updates"]!["Folder"] = disk["updates"];
        });
        await desk.RefuseAsync(What, "disk_full", () => desk.PublishAsync(releases.Package(2)));
        desk.Close();
    }

    [Fact]
    public async Task Station_WithLittleMemory_Refuses()
    {
        const string Code = "too_much_memory";
        await using var station = await UpdatingStation.StartAsync(parts, releases.Station, Path.Combine(releases.Station, "part"), c => c["Updates"]!["BaseUrl"] = releases.Address, ("DOTNET_GCHeapHardLimit", "0x6000000"));
        await station.Plc.PublishAsync($"bank/{Releases.Category}/desired", Releases.Desired(releases.Package(2)), retain: true);
        var said = await station.JudgeUntilAsync(s => s.TryGetProperty("reason", out _));
        var refused = said.GetProperty("reason").GetString()!.StartsWith(Code + ":", StringComparison.Ordinal) && First.Gave(await station.JudgeAsync());
        sheet.AddRefusal("more memory than there is", Code, 1, refused ? 1 : 0);
        Assert.True(refused, $"{said}");
    }

    [Fact]
    public async Task Stranger_UnderTheExampleRules_MayNotEvenWrite()
    {
        string[] accounts = ["stranger", "plc", "viewer", "structcore"];
        await using var broker = await MosquittoBroker.StartAsync(new BrokerOptions
        {
            Users = accounts.ToDictionary(a => a, a => a),
            AccessControl = await File.ReadAllTextAsync(Path.Combine(SharedFiles.Repository, "config", "mosquitto-acl.example")),
        });
        foreach (var name in accounts)
        {
            await using var account = await Account.ConnectAsync(new() { Host = broker.Host, Port = broker.Port, ClientId = name, UserName = name, Password = name });
            foreach (var topic in (string[])["bank/flange/desired", "bank/flange/calibration", "bank/flange/package/2/0", "update/trust", "command/rollback"])
            {
                var refused = !await account.TryPublishAsync(Plc.Root + topic, "x");
                sheet.AddRefusal("topics of an update written by another account than the update service's", "by the broker", 1, refused ? 1 : 0);
                Assert.True(refused, $"{name} may write {topic}.");
            }
        }
    }

    [Fact]
    public async Task Message_TooLarge_NeverComesInAndTheNextOneDoes()
    {
        await using var desk = await OpenAsync();
        await desk.IgnoreAsync("oversized desired message", () => desk.AskAsync(new byte[200_000]));
        desk.Close();
        Assert.True(await desk.Station.GoThroughAsync(await new Changes(parts, releases, desk.NewFolder()).PrepareAsync(Changes.OverHttp) with { Ask = _ => desk.PublishAsync(releases.Package(2)) }));
    }

    private Task<RefusalDesk> OpenAsync(Action<JsonNode>? change = null) => RefusalDesk.OpenAsync(parts, sheet, releases.Station, First, change);

    private CalibrationDocument Calibration(int version)
    {
        ScoreCalibration own = BankFile.Read(releases.Unsigned(1)).Calibration;
        return new() { Category = Releases.Category, BankVersion = version, Number = 1, Created = DateTimeOffset.UtcNow.AddHours(-1), Expires = DateTimeOffset.UtcNow.AddDays(1), Calibration = own };
    }
}
