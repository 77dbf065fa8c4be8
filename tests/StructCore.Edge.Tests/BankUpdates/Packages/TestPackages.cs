using StructCore.Edge.BankUpdates.Packages;
using StructCore.Edge.BankUpdates.Signing;
using StructCore.Tests.BankUpdates.Signing;
using StructCore.Tests.Fakes;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.BankUpdates.Packages;

/// <summary>Small signed packages of the fake extractor's banks, in a folder that goes away with this object.</summary>
internal sealed class TestPackages : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeExtractor _extractor = new();

    public SigningKey TrustKey { get; } = SigningKey.Create();

    public SigningKey BankKey { get; } = SigningKey.Create();

    /// <summary>Where the packages lie.</summary>
    public string Folder => _folder["packages"];

    public Trust Trust => TestTrust.Open(TrustKey, BankKey);

    public void Dispose()
    {
        TrustKey.Dispose();
        BankKey.Dispose();
        _folder.Dispose();
    }

    public string PathOf(string category, int version) => Path.Combine(Folder, $"{category}-v{version}{BankFile.Extension}");

    /// <summary>Writes a package of a category's bank in this version.</summary>
    /// <param name="bank">Null: the fake extractor's bank of caps.</param>
    public string Write(string category, int version, Func<ReleaseDraft, ReleaseDraft>? change = null, ProductBank? bank = null, params IReadOnlyList<SigningKey> keys) =>
        PackageWriter.Write(WriteBank(bank ?? _extractor.Bank(category, FakeExtractor.Cap), version), Folder, (change ?? (d => d))(Draft()), keys.Count > 0 ? keys : [BankKey]);

    /// <summary>The message that asks for a package that was written.</summary>
    public DesiredBank Desired(string category, int version) => new(BankPackage.ReadRelease(PathOf(category, version)), PackageFile.Of(PathOf(category, version)));

    /// <summary>One parity image of a good part, as the fake extractor sees it.</summary>
    public ReleaseDraft Draft() => new(
        new ReleaseBackbone(_extractor.Backbone.Name, _extractor.Backbone.Sha256, new string('b', 64), new string('c', 64)),
        new ParitySet(_extractor.Backbone.Crop, 0.01, 0.02, [new ParityCase(new float[FeatureSketch.Size], 1, 0, false)]),
        [new RgbImage(_extractor.Backbone.Crop, _extractor.Backbone.Crop, new byte[_extractor.Backbone.Crop * _extractor.Backbone.Crop * RgbImage.Channels])],
        TestTrust.Start,
        TestTrust.Start.AddDays(30),
        "0.1.0");

    /// <summary>The unsigned bank file.</summary>
    private string WriteBank(ProductBank bank, int version)
    {
        // BankFile gives the version after the highest that is there.
        var banks = Directory.CreateDirectory(_folder[$"banks-{Guid.NewGuid():N}"]).FullName;
        if (version > 1)
        {
            File.WriteAllBytes(Path.Combine(banks, $"{bank.Manifest.Category}-v{version - 1}{BankFile.Extension}"), []);
        }

        return BankFile.Write(bank, banks, TestTrust.Start);
    }
}
