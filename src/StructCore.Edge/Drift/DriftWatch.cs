using Microsoft.Extensions.Logging;
using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;
using StructCore.Vision.Fitting;

namespace StructCore.Edge.Drift;

/// <summary>Compares the accepted parts of a station, category by category, with the calibration images of the bank that accepted them. Costs a few searches a part, and never waits.</summary>
/// <param name="active">The bank that decides in a category; null: none does.</param>
internal sealed class DriftWatch(string station, DriftOptions options, Func<string, ProductBank?> active, ILogger<DriftWatch> log)
{
    // Records that are looked through for the parts before a start, and how many at a time.
    private const int Looked = 10_000;
    private const int Page = 500;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, WatchedBank> _watched = new(StringComparer.Ordinal);

    /// <summary>Raised, with the category, after every test; must return at once.</summary>
    public event Action<string>? Tested;

    /// <summary>How a category stands; null where it is not watched.</summary>
    public DriftBody? Of(string category)
    {
        lock (_gate)
        {
            return Watched(category)?.Body;
        }
    }

    /// <summary>Takes the record of an inspection into account, in the order of the records.</summary>
    public void Add(InspectionRecord record)
    {
        if (record.Trigger.Station != station || record.Verdict is not { Decision: Decision.Accept, Category: { } category })
        {
            return;
        }

        lock (_gate)
        {
            if (Watched(category) is not { Body: { } before } watched || watched.Add(record) is not { } after)
            {
                return;
            }

            if (after.State != before.State)
            {
                Say(watched.Id, after);
            }
        }

        Tested?.Invoke(category);
    }

    /// <summary>Goes on from the parts that were accepted before the agent started, as far as the newest records tell.</summary>
    public void Resume(IInspectionStore store)
    {
        try
        {
            var newest = store.Ledger().LastSequence;
            for (var after = Math.Max(0, newest - Looked); store.Records(after, Page) is { Count: > 0 } page; after = page[^1].Sequence)
            {
                foreach (var record in page)
                {
                    Add(record);
                }
            }
        }
        catch (InspectionStoreException e)
        {
            log.NotResumed(station, e.Message);
        }
    }

    private void Say(string bank, DriftBody body)
    {
        if (body.State == DriftState.Suspected)
        {
            log.Suspected(station, bank, body.Describe());
        }
        else
        {
            log.Gone(station, bank, body.Describe());
        }
    }

    private WatchedBank? Watched(string category)
    {
        if (options.Window == 0 || active(category) is not { } bank)
        {
            return null;
        }

        if (!_watched.TryGetValue(category, out var watched) || !watched.Is(bank))
        {
            _watched[category] = watched = new(bank, options);
        }

        return watched;
    }
}
