using StructCore.Edge.Storage;
using StructCore.Vision.Calibration;
using StructCore.Vision.Fitting;

namespace StructCore.Edge.Drift;

/// <summary>A bank as it decides, and how the parts it accepted lie beside its calibration images. One caller at a time.</summary>
internal sealed class WatchedBank(ProductBank bank, DriftOptions options)
{
    private readonly DriftMonitor? _monitor = DriftMonitor.Of(bank.Calibration, options.Window, options.PartsPerFalseAlarm);
    private DriftBody _body = DriftBody.Untested;

    public string Id => bank.Manifest.Id;

    /// <summary>Null where its calibration cannot be compared with.</summary>
    public DriftBody? Body => _monitor is null ? null : _body;

    /// <summary>Whether another calibration, or another bank, has taken its place.</summary>
    public bool Is(ProductBank other) => ReferenceEquals(bank, other) || (bank.Sha256 == other.Sha256 && bank.Calibration == other.Calibration);

    /// <summary>Takes an accepted part into account, if this bank accepted it by this calibration.</summary>
    /// <returns>What the test after it came to; null where there was none.</returns>
    public DriftBody? Add(InspectionRecord record)
    {
        var verdict = record.Verdict;
        if (verdict is not { Score: { } score, RouteDistance: { } routeDistance } || verdict.Bank?.Sha256 != bank.Sha256 || verdict.Threshold != bank.Calibration.Threshold || _monitor?.Add(score, routeDistance) != true)
        {
            return null;
        }

        var reading = _monitor.Reading!;
        return _body = new(
            reading.Suspected ? DriftState.Suspected : DriftState.None,
            reading.Suspected ? _body.Since ?? record.DecidedAt : null,
            reading.Parts,
            reading.Score,
            reading.RouteDistance);
    }
}
