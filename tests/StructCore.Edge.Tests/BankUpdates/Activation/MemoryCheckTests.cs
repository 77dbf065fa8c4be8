using System.Runtime.Intrinsics.X86;
using StructCore.Edge.BankUpdates;
using StructCore.Edge.BankUpdates.Activation;
using StructCore.Tests.Fakes;
using StructCore.Vision.Fitting;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Tests.BankUpdates.Activation;

public sealed class MemoryCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeExtractor _extractor = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void BytesPerRowByte_OfABankOnDisk_IsWhatReadingItTakes()
    {
        const int Rows = 20_000;
        var bank = _extractor.Bank("cap", FakeExtractor.Cap);
        var memory = new MemoryBank(64, new float[Rows * 64], new int[Rows]);
        var path = BankFile.Write(new(bank.Manifest with { Rows = Rows, Width = 64 }, memory, new RoutingBank("cap", 64, new float[64]), ""), _folder.Path, DateTimeOffset.UtcNow);

        var before = GC.GetAllocatedBytesForCurrentThread();
        BankFile.Read(path);
        var taken = GC.GetAllocatedBytesForCurrentThread() - before;

        var estimate = new FileInfo(path).Length * MemoryCheck.BytesPerRowByte;

        // Where the processor has 8-bit products, the packed rows take a quarter of what they take as floats; the estimate is for those that have none.
        Assert.InRange(taken, (AvxVnni.IsSupported ? 0.75 : 0.9) * estimate, estimate);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(-1, false)]
    public void Require_EstimateAndFree_MustFit(long more, bool fits)
    {
        var release = Releases.Of(_extractor.Bank("cap", FakeExtractor.Cap), _extractor.Backbone, new("memory.f4", 100_000_000, ""), new("parity.u1", 20_000_000, ""));
        var check = new MemoryCheck(() => 366_000_000 + (64 << 20) + more);
        if (fits)
        {
            check.Require(release);
            return;
        }

        var refusal = Assert.Throws<UpdateRefusedException>(() => check.Require(release));
        Assert.Equal(UpdateRefusal.TooMuchMemory, refusal.Refusal);
        Assert.StartsWith("bank 'cap-v1' needs 433 MB of memory beside the banks in use, 433 MB are free.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Require_ThisMachine_HasRoomForASmallBankAndNoneForAHugeOne()
    {
        var bank = _extractor.Bank("cap", FakeExtractor.Cap);
        new MemoryCheck().Require(Releases.Of(bank, _extractor.Backbone, new("memory.f4", 1000, ""), new("routing.f4", 1000, "")));
        Assert.Throws<UpdateRefusedException>(() => new MemoryCheck().Require(Releases.Of(bank, _extractor.Backbone, new("memory.f4", long.MaxValue, ""), new("routing.f4", long.MaxValue, ""))));
    }
}
