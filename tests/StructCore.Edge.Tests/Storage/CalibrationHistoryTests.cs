using StructCore.Edge.Storage;
using StructCore.Tests.Fakes;

namespace StructCore.Tests.Storage;

public sealed class CalibrationHistoryTests
{
    [Fact]
    public void Record_EveryStart_AddsEachBankVersionOnce()
    {
        var (store, extractor, time) = (new FakeStore(), new FakeExtractor(), new FakeTimeProvider());
        var first = extractor.Bank("cap", FakeExtractor.Cap);
        CalibrationHistory.Record(store, [first, first], time);
        CalibrationHistory.Record(store, [first], time);
        CalibrationHistory.Record(store, [extractor.Bank("cap", FakeExtractor.Cap, version: 2)], time);

        Assert.Equal([2, 1], store.Calibrations("cap").Select(c => c.BankVersion));
        Assert.Contains("\"method\":\"k-fold\"", store.Calibrations("cap")[0].Document, StringComparison.Ordinal);
    }
}
