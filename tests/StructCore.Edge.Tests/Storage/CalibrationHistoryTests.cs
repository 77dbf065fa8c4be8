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

    [Fact]
    public void Record_OtherCalibrationsOfABank_AddsEachOnceHoweverOftenTheyTakeTurns()
    {
        var (store, bank, time) = (new FakeStore(), new FakeExtractor().Bank("cap", FakeExtractor.Cap), new FakeTimeProvider());
        var other = bank.With(bank.Calibration with { Threshold = 0.1f, Mean = new(1 / 3f, float.Epsilon, float.MaxValue) });
        for (var i = 0; i < 3; i++)
        {
            CalibrationHistory.Record(store, [bank, other], time);
            time.Advance(TimeSpan.FromDays(1));
        }

        var start = time.GetUtcNow().AddDays(-3);
        Assert.Equal([(other.Calibration, start), (bank.Calibration, start)], CalibrationHistory.Of(store, bank));
    }

    [Fact]
    public void Of_OtherBanksAndUnreadableDocuments_ArePassedOver()
    {
        var (store, extractor, time) = (new FakeStore(), new FakeExtractor(), new FakeTimeProvider());
        var bank = extractor.Bank("cap", FakeExtractor.Cap);
        CalibrationHistory.Record(store, [bank, extractor.Bank("cap", FakeExtractor.Cap, version: 2), extractor.Bank("nut", FakeExtractor.Nut)], time);
        store.SaveCalibration(new("cap", 1, bank.Sha256, "{\"tau\": 1}", time.GetUtcNow()));
        store.SaveCalibration(new("cap", 1, bank.Sha256, "null", time.GetUtcNow()));
        Assert.Equal([(bank.Calibration, time.GetUtcNow())], CalibrationHistory.Of(store, bank));
    }
}
