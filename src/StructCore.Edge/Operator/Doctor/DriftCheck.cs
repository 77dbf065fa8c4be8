using Microsoft.Extensions.Logging.Abstractions;
using StructCore.Edge.Drift;
using StructCore.Edge.Storage;
using StructCore.Vision.Fitting;

namespace StructCore.Edge.Operator.Doctor;

/// <summary>Whether the parts a station accepted last look like the calibration images of its banks, as the newest records tell.</summary>
internal static class DriftCheck
{
    public static void Run(string station, IReadOnlyList<ProductBank> banks, IInspectionStore store, DriftOptions options, Findings findings)
    {
        var watch = new DriftWatch(station, options, category => banks.FirstOrDefault(b => b.Manifest.Category == category), NullLogger<DriftWatch>.Instance);
        watch.Resume(store);
        foreach (var bank in banks)
        {
            var drift = watch.Of(bank.Manifest.Category);
            if (drift is { State: DriftState.Suspected })
            {
                findings.Warning($"{station}: accepted parts of {bank.Manifest.Id} no longer look like its calibration images since {drift.Since:u}: {drift.Describe()}. {DriftBody.Remedy}.");
            }
            else
            {
                findings.Ok(drift is null ? $"{station}: drift of {bank.Manifest.Id} is not watched" : $"{station}: no drift of {bank.Manifest.Id}: {drift.Describe()}");
            }
        }
    }
}
