using StructCore.Tests.Fakes;
using StructCore.Vision.Imaging;
using StructCore.Vision.Inference;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Tests.Inspection;

public sealed class BankSetTests
{
    private readonly FakeExtractor _extractor = new();

    [Fact]
    public void Create_BanksThatDoNotFit_ListsAllOfThem()
    {
        var error = Assert.Throws<InvalidBankException>(() => BankSet.Create(
            [
                _extractor.Bank("cap", FakeExtractor.Cap),
                _extractor.Bank("nut", FakeExtractor.Nut, backboneSha256: new string('b', 64)),
                _extractor.Bank("pin", FakeExtractor.Nut, mode: FrameMode.CentreCrop),
            ],
            _extractor.Backbone));

        var lines = error.Message.Split(Environment.NewLine);
        Assert.Equal(2, lines.Length);
        Assert.Contains("nut-v1", lines[0], StringComparison.Ordinal);
        Assert.Contains("'pin-v1' was fitted on CentreCrop frames, 'cap-v1' on FullFrame", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Create_NoBank_IsRefused() => Assert.Throws<InvalidBankException>(() => BankSet.Create([], _extractor.Backbone));
}
