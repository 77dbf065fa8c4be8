using StructCore.Edge.BankUpdates.Activation;
using StructCore.Edge.BankUpdates.Packages;
using StructCore.Edge.BankUpdates.Signing;
using StructCore.Edge.Native.OpenCv;
using StructCore.Vision.Calibration;
using StructCore.Vision.Datasets;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.Inference;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Tests.PowerCuts;

/// <summary>What an engineer's office holds: keys, trust, versions of the flange's bank, and a web server for the signed ones. Made once; tests leave it as it is.</summary>
public sealed class Releases(FittedParts parts) : IAsyncLifetime
{
    public const string Category = CutStation.Category;

    /// <summary>Rejects everything: its threshold lies far below every score.</summary>
    public const int Bad = 4;

    /// <summary>The rows of version 2 over and over; lies on no server.</summary>
    public const int Slow = 5;

    private const int SlowRows = 60_000;

    /// <summary>Thinner and thicker: every version gives every part another score and threshold.</summary>
    private static readonly (int Version, double Coreset)[] Versions = [(2, 0.08), (3, 0.03), (Bad, 0.05)];

    private readonly TemporaryFolder _folder = new();
    private readonly OpenCvImageCodec _codec = new();
    private readonly OnnxFeatureExtractor _extractor = OnnxFeatureExtractor.Open(SharedFiles.EmbeddedBackbone);
    private PackageServer? _server;

    /// <summary>Holder of the trust role.</summary>
    internal SigningKey Root { get; } = SigningKey.Create();

    /// <summary>Holder of the bank role.</summary>
    internal SigningKey Signer { get; } = SigningKey.Create();

    /// <summary>Trusted by nobody.</summary>
    internal SigningKey Stranger { get; } = SigningKey.Create();

    /// <summary>Of the web server.</summary>
    public string Address => _server!.Address;

    /// <summary>What the web server shows.</summary>
    public string Web => _folder["web"];

    /// <summary>A station's folder before its first update: two banks, a part, and the trust it begins with.</summary>
    public string Station => _folder["station"];

    /// <summary>The one part of the stations in this process.</summary>
    public string Part => Path.Combine(parts.Sure, "flange-good.png");

    public async ValueTask InitializeAsync()
    {
        foreach (var folder in (string[])["banks", "part"])
        {
            Directory.CreateDirectory(Path.Combine(Station, folder));
        }

        foreach (var bank in Directory.GetFiles(parts.Banks))
        {
            File.Copy(bank, Path.Combine(Station, "banks", Path.GetFileName(bank)));
        }

        File.Copy(Part, Path.Combine(Station, "part", "part.png"));
        await File.WriteAllBytesAsync(Path.Combine(Station, "trust.json"), TrustChain.ToJson([FirstTrust()]));
        Fit();
        foreach (var (version, _) in Versions)
        {
            Sign(version, Path.Combine(Web, Category));
        }

        _server = await PackageServer.StartAsync(Web);
    }

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        _extractor.Dispose();
        Root.Dispose();
        Signer.Dispose();
        Stranger.Dispose();
        _folder.Dispose();
    }

    /// <summary>The bank as <c>fit</c> wrote it.</summary>
    internal string Unsigned(int version) => Path.Combine(version == 1 ? parts.Banks : _folder["fitted"], $"{Category}-v{version}{BankFile.Extension}");

    /// <summary>The signed package on the web server.</summary>
    internal string Package(int version) => Path.Combine(Web, Category, $"{Category}-v{version}{BankFile.Extension}");

    /// <summary>Signs a version once more, changed as the test wants it.</summary>
    internal string Sign(int version, string folder, Func<ReleaseDraft, ReleaseDraft>? change = null, params SigningKey[] keys)
    {
        var bank = BankFile.Read(Unsigned(version));
        var backbone = _extractor.Backbone;
        RgbImage[] crops = [.. Directory.GetFiles(parts.Sure, $"{Category}*").Order(StringComparer.Ordinal).Select(f => ImagePreprocessor.Crop(_codec.Load(f), FrameMode.FullFrame, backbone.Resize, backbone.Crop))];
        var draft = new ReleaseDraft(
            new ReleaseBackbone(backbone.Name, backbone.Sha256, BackboneDigests.Preprocess(backbone, bank.Manifest.Frame), BackboneDigests.Fuse(backbone)),
            new ParitySet(backbone.Crop, FeatureTolerance: 1e-3, ScoreTolerance: 1e-3, ParityGate.Measure(bank, new HostScorer(_extractor, TimeProvider.System), crops)),
            crops,
            DateTimeOffset.UtcNow.AddHours(-1),
            DateTimeOffset.UtcNow.AddDays(1),
            "0.1.0");
        return PackageWriter.Write(Unsigned(version), folder, change?.Invoke(draft) ?? draft, keys.Length == 0 ? [Signer] : keys);
    }

    /// <summary>The message that asks for a package.</summary>
    internal static byte[] Desired(string package, SignedDocument? leave = null)
    {
        var bytes = File.ReadAllBytes(package);
        return new DesiredBank(BankPackage.ReadRelease(package), new PackageFile(bytes.Length, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes))), leave).ToJson();
    }

    /// <summary>How a bank file decides about a part; by default the one of the stations in this process.</summary>
    internal Decider Decider(string bank, ScoreCalibration? calibration = null, string? part = null)
    {
        var read = BankFile.Read(bank);
        var counts = calibration is null ? read : read.With(calibration);
        return new(read.Manifest.Id, read.Sha256, counts.Score(_extractor.Extract(_codec.Load(part ?? Part), read.Manifest.Frame)).Score.Hybrid, counts.Calibration.Threshold);
    }

    /// <summary>A bank file is whole, and where it was signed it is what was signed.</summary>
    internal static void Verify(string bank, Trust trust)
    {
        BankFile.Read(bank);
        if (Path.GetFileNameWithoutExtension(bank) != $"{Category}-v1")
        {
            var release = BankPackage.ReadRelease(bank);
            trust.Verify(release, TrustRole.Bank, DateTimeOffset.UtcNow);
            BankPackage.Open(bank, release);
        }
    }

    /// <summary>Version 1 of the trust: one key a role.</summary>
    internal SignedDocument FirstTrust() => SignedDocument.Sign(TrustContent(1), Root);

    internal TrustDocument TrustContent(int version) => new()
    {
        Version = version,
        Created = DateTimeOffset.UtcNow.AddHours(-2),
        Expires = DateTimeOffset.UtcNow.AddDays(1),
        Keys = [Key(Root), Key(Signer)],
        Revoked = [],
        Trust = new RoleKeys(1, [Root.Id]),
        Bank = new RoleKeys(1, [Signer.Id]),
    };

    internal static TrustedKey Key(SigningKey key) => new(key.Id, key.PublicKey.Bytes, DateTimeOffset.UtcNow.AddHours(-3), DateTimeOffset.UtcNow.AddDays(1));

    private void Fit()
    {
        var product = ImageFolder.Open(parts.Images, [Category]).Single();
        Directory.CreateDirectory(_folder["fitted"]);
        File.Copy(parts.FlangeBank, Path.Combine(_folder["fitted"], Path.GetFileName(parts.FlangeBank)));
        foreach (var (version, coreset) in Versions)
        {
            var fitted = new BankFitter(_codec, _extractor, new FitOptions { Frame = FrameMode.FullFrame, CoresetRatio = coreset }).Fit(Category, product.Train);
            var calibration = fitted.Calibration with { Threshold = version == Bad ? fitted.Calibration.Threshold / 1000 : fitted.Calibration.Threshold };
            BankFile.Write(new ProductBank(fitted.Manifest with { Calibration = calibration }, fitted.Memory, fitted.Routing, ""), _folder["fitted"], DateTimeOffset.UtcNow);
        }

        var once = BankFile.Read(Unsigned(2));
        var values = new float[SlowRows * once.Memory.Width];
        for (var at = 0; at < values.Length; at += once.Memory.Values.Length)
        {
            once.Memory.Values[..Math.Min(once.Memory.Values.Length, values.Length - at)].CopyTo(values.AsSpan(at));
        }

        var slow = new MemoryBank(once.Memory.Width, values, new int[SlowRows]);
        BankFile.Write(new ProductBank(once.Manifest with { Rows = SlowRows }, slow, once.Routing, ""), _folder["fitted"], DateTimeOffset.UtcNow);
    }
}
