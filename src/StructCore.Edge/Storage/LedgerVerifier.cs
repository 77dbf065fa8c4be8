namespace StructCore.Edge.Storage;

/// <summary>
/// Walks the records from the ledger's beginning to its head. Whoever can write the file can also write the whole chain anew: that shows only
/// against a hash kept elsewhere, such as those on <c>results</c>.
/// </summary>
internal sealed class LedgerVerifier
{
    private const int Batch = 1000;
    private const int BreaksListed = 100;

    private readonly LedgerState _ledger;
    private readonly List<LedgerBreak> _breaks = [];
    private long _breaksFound;
    private long _records;
    private long _older;
    private (long Sequence, string Hash) _last;

    private LedgerVerifier(LedgerState ledger) => (_ledger, _last) = (ledger, (ledger.AfterSequence, ledger.AfterHash));

    /// <param name="store">One that nobody writes to meanwhile: <see cref="AdapterSet.ReadStore"/>.</param>
    public static LedgerReport Verify(IInspectionStore store, CancellationToken cancellationToken)
    {
        var verifier = new LedgerVerifier(store.Ledger());
        var after = 0L;
        while (store.Records(after, Batch) is [.., var last] batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var record in batch)
            {
                verifier.Take(record);
            }

            after = last.Sequence;
        }

        return verifier.End();
    }

    private void Take(InspectionRecord record)
    {
        if (record.Sequence <= _ledger.AfterSequence)
        {
            TakeOlder(record);
            return;
        }

        _records++;
        var hash = LedgerHash.Of(record);
        if (hash != record.Hash)
        {
            Break(LedgerBreakKind.Changed, record.Sequence, record.Sequence, $"record {record.Sequence} was changed after it was stored, or stands under another number: it gives the hash {hash}, stored with it is {record.Hash}.");
        }

        if (record.Sequence > _ledger.LastSequence)
        {
            Break(LedgerBreakKind.Extra, record.Sequence, record.Sequence, $"record {record.Sequence} was inserted or renumbered: the newest record of the ledger is {_ledger.LastSequence}.");
            return;
        }

        if (record.Sequence > _last.Sequence + 1)
        {
            Missing(_last.Sequence + 1, record.Sequence - 1);
        }
        else if (record.PreviousHash != _last.Hash)
        {
            Break(LedgerBreakKind.NotLinked, record.Sequence, record.Sequence, $"record {record.Sequence} does not follow what is before it, which was written anew or put there, or else {record.Sequence} was: it carries {record.PreviousHash}, before it is {_last.Hash}.");
        }

        _last = (record.Sequence, record.Hash);
    }

    private void TakeOlder(InspectionRecord record)
    {
        if (record.Hash.Length == 0)
        {
            _older++;
            return;
        }

        Break(LedgerBreakKind.Extra, record.Sequence, record.Sequence, $"record {record.Sequence} was inserted or renumbered: the ledger begins behind {_ledger.AfterSequence}, what was before that retention has removed.");
    }

    private LedgerReport End()
    {
        if (_last.Sequence < _ledger.LastSequence)
        {
            Missing(_last.Sequence + 1, _ledger.LastSequence);
        }
        else if (_last.Sequence == _ledger.LastSequence && _last.Hash != _ledger.LastHash)
        {
            Break(LedgerBreakKind.Head, _last.Sequence, _last.Sequence, $"record {_last.Sequence}, the newest, was written anew: it has the hash {_last.Hash}, the ledger's head is {_ledger.LastHash}.");
        }

        return new(_records, _older, _ledger.AfterSequence, _ledger.LastSequence, _ledger.LastHash, _breaks, _breaksFound);
    }

    private void Missing(long first, long last) => Break(LedgerBreakKind.Missing, first, last, first == last
        ? $"record {first} was removed or renumbered."
        : $"records {first} to {last}, {last - first + 1} of them, were removed or renumbered.");

    private void Break(LedgerBreakKind kind, long first, long last, string text)
    {
        _breaksFound++;
        if (_breaks.Count < BreaksListed)
        {
            _breaks.Add(new(kind, first, last, text));
        }
    }
}
