using NSubstitute;
using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;
using StructCore.Tests.Fakes;

namespace StructCore.Tests.Storage;

public sealed class LedgerVerifierTests
{
    private const int Count = 7;

    private readonly FakeStore _store = new();
    private readonly IReadOnlyList<InspectionRecord> _records;
    private readonly LedgerState _ledger;

    public LedgerVerifierTests()
    {
        for (var i = 0; i < Count; i++)
        {
            var trigger = new AcceptedTrigger("s", "7", $"{i}", null, null, null, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
            _store.TryAccept(trigger);
            _store.Complete(new InspectionRecord(trigger, Verdict.Error($"reason {i}"), null, null, null, 1, DateTimeOffset.UnixEpoch));
        }

        (_records, _ledger) = (_store.Records, _store.Ledger());
    }

    [Fact]
    public void Verify_WholeChain_IsIntact()
    {
        var report = LedgerVerifier.Verify(_store, default);
        Assert.True(report.Intact);
        Assert.Equal((7L, 0L, 0L, 7L, _records[6].Hash), (report.Records, report.Older, report.Begin, report.Head, report.HeadHash));
    }

    [Fact]
    public void Verify_Empty_IsIntact() => Assert.True(LedgerVerifier.Verify(new FakeStore(), default).Intact);

    [Fact]
    public void Verify_OneChanged_NamesIt()
    {
        for (var i = 0; i < Count; i++)
        {
            var changed = _records[i] with { Verdict = _records[i].Verdict with { Decision = Decision.Accept } };
            var report = Verify([.. _records.Take(i), changed, .. _records.Skip(i + 1)]);
            var found = Assert.Single(report.Breaks);
            Assert.Equal((LedgerBreakKind.Changed, i + 1L, i + 1L), (found.Kind, found.First, found.Last));
        }
    }

    [Fact]
    public void Verify_OneChangedWithItsHash_NamesTheOneBehindOrTheHead()
    {
        for (var i = 0; i < Count; i++)
        {
            var changed = LedgerHash.Chain(_records[i] with { Verdict = Verdict.Error("forged") }, _records[i].PreviousHash);
            var report = Verify([.. _records.Take(i), changed, .. _records.Skip(i + 1)]);
            var expected = i < Count - 1 ? (LedgerBreakKind.NotLinked, i + 2L) : (LedgerBreakKind.Head, 7L);
            var found = Assert.Single(report.Breaks);
            Assert.Equal(expected, (found.Kind, found.First));
        }
    }

    [Fact]
    public void Verify_AnyRunRemoved_NamesIt()
    {
        for (var first = 0; first < Count; first++)
        {
            for (var count = 1; first + count <= Count; count++)
            {
                var report = Verify([.. _records.Take(first), .. _records.Skip(first + count)]);
                var found = Assert.Single(report.Breaks);
                Assert.Equal((LedgerBreakKind.Missing, first + 1L, first + count), (found.Kind, found.First, found.Last));
            }
        }
    }

    [Fact]
    public void Verify_RemovedAndClosedUp_NamesTheFirstThatMoved()
    {
        for (var i = 0; i < Count - 1; i++)
        {
            InspectionRecord[] left = [.. _records.Take(i), .. _records.Skip(i + 1).Select(r => r with { Sequence = r.Sequence - 1 })];
            var report = Verify(left, _ledger with { LastSequence = 6, LastHash = left[^1].Hash });
            Assert.Equal((LedgerBreakKind.Changed, i + 1L), (report.Breaks[0].Kind, report.Breaks[0].First));
        }
    }

    [Fact]
    public void Verify_AnyTwoSwapped_NamesBoth()
    {
        for (var a = 0; a < Count; a++)
        {
            for (var b = a + 1; b < Count; b++)
            {
                var swapped = _records.ToArray();
                (swapped[a], swapped[b]) = (_records[b] with { Sequence = a + 1 }, _records[a] with { Sequence = b + 1 });
                var changed = Verify(swapped).Breaks.Where(found => found.Kind == LedgerBreakKind.Changed).Select(found => found.First);
                Assert.Equal([a + 1L, b + 1L], changed);
            }
        }
    }

    [Fact]
    public void Verify_RecordBehindTheHead_IsExtra()
    {
        var forged = LedgerHash.Chain(_records[0] with { Sequence = 8 }, _ledger.LastHash);
        var found = Assert.Single(Verify([.. _records, forged]).Breaks);
        Assert.Equal((LedgerBreakKind.Extra, 8L), (found.Kind, found.First));
    }

    [Fact]
    public void Verify_RecordRenumberedBehindTheHead_IsMissingAtItsPlace()
    {
        var breaks = Verify([.. _records.Take(6), _records[6] with { Sequence = 9 }]).Breaks;
        Assert.Equal([LedgerBreakKind.Changed, LedgerBreakKind.Extra, LedgerBreakKind.Missing], breaks.Select(b => b.Kind));
        Assert.Equal(7, breaks[2].First);
    }

    [Fact]
    public void Verify_RecordBeforeTheBeginning_IsExtraUnlessOlderThanTheLedger()
    {
        var ledger = _ledger with { AfterSequence = 2, AfterHash = _records[1].Hash };
        Assert.Equal((LedgerBreakKind.Extra, 2L), (Verify(_records.Skip(1), ledger).Breaks[0].Kind, Verify(_records.Skip(1), ledger).Breaks[0].First));

        var older = Verify([_records[1] with { Hash = "", PreviousHash = "" }, .. _records.Skip(2)], ledger);
        Assert.Equal((true, 1L, 2L, 5L), (older.Intact, older.Older, older.Begin, older.Records));
    }

    [Fact]
    public void Verify_ManyBreaks_ListsTheFirstOnes()
    {
        var records = Enumerable.Range(1, 300).Select(i => _records[0] with { Sequence = i }).ToArray();
        var report = Verify(records, _ledger with { LastSequence = 300 });
        Assert.Equal((100, 2L), (report.Breaks.Count, report.Breaks[0].First));
        Assert.True(report.BreaksFound > 300);
    }

    private LedgerReport Verify(IEnumerable<InspectionRecord> records, LedgerState? ledger = null)
    {
        var sorted = records.OrderBy(r => r.Sequence).ToArray();
        var store = Substitute.For<IInspectionStore>();
        store.Ledger().Returns(ledger ?? _ledger);
        store.Records(default, default).ReturnsForAnyArgs(call => sorted.Where(r => r.Sequence > call.ArgAt<long>(0)).Take(call.ArgAt<int>(1)).ToArray());
        return LedgerVerifier.Verify(store, default);
    }
}
