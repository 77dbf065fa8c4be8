using System.Globalization;
using StructCore.Edge.BankUpdates.Packages;
using StructCore.Tests.Fakes;
using StructCore.Vision.Features;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.BankUpdates.Packages;

public sealed class BackboneDigestsTests
{
    private static readonly BackboneManifest Backbone = new FakeExtractor().Backbone with { Mean = [0.485f, 1e-9f, 3], Std = [0.25f, 0.5f, 1], ProjectionSeed = 42 };

    public static TheoryData<string> Changes => [.. Preprocessing.Keys, .. Fusing.Keys];

    private static Dictionary<string, BackboneManifest> Preprocessing => new()
    {
        ["resize"] = Backbone with { Resize = 65 },
        ["crop"] = Backbone with { Crop = 55 },
        ["mean"] = Backbone with { Mean = [MathF.BitIncrement(0.485f), 1e-9f, 3] },
        ["std"] = Backbone with { Std = [0.25f, 1, 0.5f] },
    };

    private static Dictionary<string, BackboneManifest> Fusing => new()
    {
        ["layers"] = Backbone with { Layers = ["layer3"] },
        ["more layers"] = Backbone with { Layers = ["layer2", "layer3"] },
        ["fuse"] = Backbone with { Fuse = "normalise-concatenate-project" },
        ["no projection"] = Backbone with { ProjectionSeed = null },
        ["projection"] = Backbone with { ProjectionSeed = 43 },
        ["grid"] = Backbone with { Grid = 14 },
        ["width"] = Backbone with { Width = 3 },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Digest_OneThingChanged_IsAnotherAndTheOtherStays(string change)
    {
        var isPreprocessing = Preprocessing.TryGetValue(change, out var changed);
        changed ??= Fusing[change];
        Assert.Equal(isPreprocessing, Preprocess(Backbone) != Preprocess(changed));
        Assert.Equal(!isPreprocessing, BackboneDigests.Fuse(Backbone) != BackboneDigests.Fuse(changed));
    }

    [Fact]
    public void Preprocess_OtherFrameMode_IsAnother() =>
        Assert.NotEqual(BackboneDigests.Preprocess(Backbone, FrameMode.CentreCrop), BackboneDigests.Preprocess(Backbone, FrameMode.FullFrame));

    [Fact]
    public void Digest_SidecarsOtherFields_DoNotCount()
    {
        var renamed = Backbone with { Name = "other", Source = "elsewhere", Input = "x", Output = "y" };
        Assert.Equal((Preprocess(Backbone), BackboneDigests.Fuse(Backbone)), (Preprocess(renamed), BackboneDigests.Fuse(renamed)));
    }

    // Signed into released packages: these never change.
    [Fact]
    public void Digest_InAnyCulture_IsTheOneThatWasReleased()
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "~" } };
            Assert.Equal("8655102eca23193fafce6e67b929dfcf810a31b0dd05f9f1d1cb4a29fb0046d4", Preprocess(Backbone));
            Assert.Equal("0a9c524df35e4fe0cae2aed23ca9a855bdce3a27bd45513debd6f7555d84dcd5", BackboneDigests.Fuse(Backbone));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private static string Preprocess(BackboneManifest backbone) => BackboneDigests.Preprocess(backbone, FrameMode.FullFrame);
}
