using System.Threading.Channels;
using StructCore.Edge.Drift;
using StructCore.Edge.Triggers;
using StructCore.Edge.Verdicts;

namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>Publishes which banks of every category decide, wait and went before, and whether parts drift away from them: at every change, and again on every new connection.</summary>
internal sealed class BankStates(StationBanks banks, DriftWatch drift, StationLink link, Messages messages)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, BankIdentity> _candidates = [];

    // Names only, and each read when its turn comes: the oldest may be dropped, since there are never that many categories.
    private readonly Channel<string> _changes = Channel.CreateBounded<string>(new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropOldest });

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        banks.Changed += Tell;
        drift.Tested += Tell;
        await foreach (var category in _changes.Reader.ReadAllAsync(cancellationToken))
        {
            await link.TryPublishAsync(messages.BankState(Of(category)), cancellationToken);
        }
    }

    /// <summary>Says everything once more, for a broker that may have something else.</summary>
    public void Announce()
    {
        foreach (var category in banks.Current.Categories.Union(banks.Standings.Select(s => s.Category)))
        {
            Tell(category);
        }
    }

    /// <summary>What an update wants to put in place of the active bank; null: none does any more.</summary>
    public void SetCandidate(string category, BankIdentity? candidate)
    {
        lock (_gate)
        {
            _candidates.Remove(category);
            if (candidate is not null)
            {
                _candidates[category] = candidate;
            }
        }

        Tell(category);
    }

    private void Tell(string category) => _changes.Writer.TryWrite(category);

    private BankStateBody Of(string category)
    {
        BankIdentity? candidate;
        lock (_gate)
        {
            candidate = _candidates.GetValueOrDefault(category);
        }

        var standing = banks.Standing(category);
        var active = banks.Active(category) is { } bank ? new ActiveBank(bank.Manifest.Id, bank.Manifest.Version, bank.Sha256, bank.Calibration.Threshold, standing?.Since, CalibrationUpdate.NumberOf(standing?.Calibration)) : null;
        return new(category, active, candidate, standing?.Previous, standing?.OnProbation ?? false, drift.Of(category));
    }
}
