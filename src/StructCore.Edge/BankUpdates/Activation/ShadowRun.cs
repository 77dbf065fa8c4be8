using StructCore.Vision.Fitting;

namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>Has a candidate score the next parts of its category beside the active bank, off the inspection thread.</summary>
internal sealed class ShadowRun(UpdateOptions options, StationBanks banks, InspectionWatch watch, UpdateStates states, TimeProvider time)
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

        var trial = new ShadowTrial(active, candidate, options);
        states.Change(UpdateKind.Bank, category, b => b with { Stage = UpdateStage.Shadow, Shadow = trial.Report });
        await foreach (var seen in watch.FollowAsync(category, cancellationToken))
        {
            if (!ReferenceEquals(seen.Bank, active))
            {
                // Another one decides since: the comparison begins anew.
                (active, trial) = (seen.Bank, new(seen.Bank, candidate, options));
            }

            var start = time.GetTimestamp();
            var scored = candidate.Score(seen.Features);
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
