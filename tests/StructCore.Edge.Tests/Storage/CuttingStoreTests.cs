using StructCore.Edge.Storage;
using StructCore.Tests.Fakes;

namespace StructCore.Tests.Storage;

/// <summary>The store of the power-cut suite.</summary>
public sealed class CuttingStoreTests
{
    private static readonly BankEvent Happened = new(0, DateTimeOffset.UnixEpoch, "plant/line/one", "cap", BankEventKind.Refused, 2, "why", [], null, null, null);

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    public void Transaction_CutBeforeOrAfterIt_IsThereOrNotAndNothingWorksAfterwards(int cutAt, int expected)
    {
        using var store = new FakeStore();
        var cutting = CuttingStore.Wrap(store, new PowerSupply(cutAt));
        Assert.Equal(0, cutting.OutboxSize());
        Assert.Throws<PowerCutException>(() => cutting.AddBankEvent(Happened));

        Assert.Equal(expected, store.BankEvents(null, null, 9).Count);
        Assert.Throws<PowerCutException>(() => cutting.SaveTrustDocument("", Happened));
        Assert.Throws<InspectionStoreException>(() => cutting.OutboxSize());
    }
}
