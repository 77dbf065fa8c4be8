using System.Threading.Channels;
using StructCore.Vision.Fitting;

namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>Has a candidate score the next parts of its category beside the active bank, off the inspection thread.</summary>
internal sealed class ShadowRun(UpdateOptions options, StationBanks banks, InspectionWatch watch, UpdateLane lane, UpdateStates states, TimeProvider time)
{
    /// <returns>Null where there is nothing to compare with, or the configuration wants no comparison.</returns>
    /// <exception cref="UpdateRefusedException">The candidate judges too differently.</exception>
    public async Task<ShadowReport?> RunAsync(ProductBank candidate, CancellationToken cancellationToken)
    {
        var category = candidate.Manifest.Category;
        if (options.ShadowInspections == 0 || banks.Active(category) is not { } active)
        {
            return null;
        }

        var parts = watch.Follow(category);
        try
        {
            // Parts may be days away, for a product that is not made today.
            return await lane.AsideAsync(() => CompareAsync(active, candidate, parts, cancellationToken));
        }
        finally
        {
            watch.Unfollow(category);
        }
    }

    private async Task<ShadowReport?> CompareAsync(ProductBank active, ProductBank candidate, ChannelReader<SeenInspection> parts, CancellationToken cancellationToken)
    {
        var category = candidate.Manifest.Category;
        var trial = new ShadowTrial(active, candidate, options);
        states.Change(UpdateKind.Bank, category, b => b with { Stage = UpdateStage.Shadow, Shadow = trial.Report });
        await foreach (var seen in parts.ReadAllAsync(cancellationToken))
        {
            if (!ReferenceEquals(seen.Bank, active))
            {
                // Another one decides since: the comparison begins anew.
                (active, trial) = (seen.Bank, new(seen.Bank, candidate, options));
            }

            using var features = seen.Features;
            var start = time.GetTimestamp();
            var scored = candidate.Score(features);
            var report = trial.Add(seen.Scored, scored, time.GetElapsedTime(start).TotalMilliseconds);
            states.Change(UpdateKind.Bank, category, b => b with { Shadow = report, Progress = (double)report.Inspections / report.Planned });
            if (report.IsComplete)
            {
                break;
            }
        }

        return trial.Report;
    }
}
