using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.Inference;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Tests.Inference;

public sealed class BankSetTests : IDisposable
{
    private readonly OnnxFeatureExtractor _extractor = OnnxFeatureExtractor.Open(SharedFiles.EmbeddedBackbone);
    private readonly ProductBank _cap;

    public BankSetTests() => _cap = TestBanks.Bank(_extractor, "cap", seed: 1, rows: 8);

    public void Dispose() => _extractor.Dispose();

    [Fact]
    public void Create_BanksThatDoNotFit_ListsAllOfThem()
    {
        var error = Assert.Throws<InvalidBankException>(() => BankSet.Create(
            [_cap, Other(m => m with { Category = "nut", BackboneSha256 = new string('b', 64) }), Other(m => m with { Category = "pin", Frame = FrameMode.CentreCrop })],
            _extractor.Backbone));

        var lines = error.Message.Split(Environment.NewLine);
        Assert.Equal(2, lines.Length);
        Assert.Contains("nut-v1", lines[0], StringComparison.Ordinal);
        Assert.Contains("'pin-v1' was fitted on CentreCrop frames, 'cap-v1' on FullFrame", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Create_ModeThatIsGiven_CountsForAll()
    {
        var banks = BankSet.Create([_cap, Other(m => m with { Category = "pin", Frame = FrameMode.CentreCrop })], _extractor.Backbone, FrameMode.CentreCrop);

        Assert.Equal((FrameMode.CentreCrop, 2), (banks.Mode, banks.Banks.Count));
        Assert.Equal(["cap", "pin"], banks.Categories);
    }

    [Fact]
    public void Create_NoBank_IsRefused() => Assert.Throws<InvalidBankException>(() => BankSet.Create([], _extractor.Backbone));

    private ProductBank Other(Func<BankManifest, BankManifest> change) => new(change(_cap.Manifest), _cap.Memory, _cap.Routing, "");
}
