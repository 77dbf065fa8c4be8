using NSubstitute;
using StructCore.Edge.Commands;
using StructCore.Edge.Verdicts;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.Inference;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Tests.Commands;

[Collection(nameof(FittedProductsCollection))]
public sealed class FileScorerTests(FittedProducts products)
{
    private readonly BackboneManifest _backbone = BackboneManifestFile.Read(SharedFiles.EmbeddedBackbone);

    [Fact]
    public void Score_FeaturesThatAreNoNumbers_IsAnErrorAndNeverAnAccept()
    {
        using var scorer = Scorer(_backbone, float.NaN);
        var files = new FileScorer(FittedProducts.Codec, scorer, BankFile.ReadNewest(products.Banks, []));

        var result = files.Score(products.Good("disc"));

        Assert.Equal(Decision.Error, result.Decision);
        Assert.Contains("no number", result.Error);
        Assert.Null(result.Hybrid);
    }

    [Fact]
    public void Scorer_BanksOfDifferentFrameModes_AskForTheCategory()
    {
        var banks = BankFile.ReadNewest(products.Banks, []);
        var other = new ProductBank(banks[1].Manifest with { Frame = FrameMode.FullFrame }, banks[1].Memory, banks[1].Routing, banks[1].Sha256);
        using var scorer = Scorer(_backbone, 1);

        Assert.Contains("--category", Assert.Throws<CommandFailedException>(() => new FileScorer(FittedProducts.Codec, scorer, [banks[0], other])).Message);
    }

    [Fact]
    public void Scorer_BankOfAnotherBackbone_IsRefused()
    {
        using var scorer = Scorer(_backbone with { Name = "other", Sha256 = new string('0', 64) }, 1);

        Assert.Throws<InvalidBankException>(() => new FileScorer(FittedProducts.Codec, scorer, BankFile.ReadNewest(products.Banks, [])));
    }

    private static HostScorer Scorer(BackboneManifest backbone, float feature)
    {
        var extractor = Substitute.For<IFeatureExtractor>();
        extractor.Backbone.Returns(backbone);
        var values = new float[backbone.Grid * backbone.Grid * backbone.Width];
        values.AsSpan().Fill(feature);
        extractor.Extract(Arg.Any<RgbImage>(), Arg.Any<FrameMode>()).Returns(new PatchFeatures(backbone.Grid, backbone.Grid, backbone.Width, values));
        return new HostScorer(extractor, TimeProvider.System);
    }
}
