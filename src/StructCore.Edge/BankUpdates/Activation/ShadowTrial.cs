using StructCore.Vision.Fitting;

namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>Compares a candidate with the active bank on the parts of the line, before it decides about any.</summary>
internal sealed class ShadowTrial(ProductBank active, ProductBank candidate, UpdateOptions options)
{
    private readonly int _allowed = RejectAllowance.Of(options.MaxRejectShift, options.ShadowInspections);
    private int _compared;

    public ShadowReport Report { get; private set; } = new(0, options.ShadowInspections, 0, 0, 0, 0, 0, 0);

    /// <summary>One part, scored by both from the same features.</summary>
    /// <exception cref="UpdateRefusedException">The candidate rejects too many more parts than the active bank, whatever the parts that are still to come.</exception>
    public ShadowReport Add(ScoredImage byActive, ScoredImage byCandidate, double candidateMs)
    {
        var difference = Math.Abs(Relative(candidate, byCandidate) - Relative(active, byActive));
        if (double.IsFinite(difference))
        {
            _compared++;
            Report = Report with
            {
                MeanDifference = Report.MeanDifference + ((difference - Report.MeanDifference) / _compared),
                LargestDifference = Math.Max(Report.LargestDifference, difference),
            };
        }

        Report = Report with
        {
            Inspections = Report.Inspections + 1,
            ActiveRejects = Report.ActiveRejects + (byActive.Rejected ? 1 : 0),
            CandidateRejects = Report.CandidateRejects + (byCandidate.Rejected ? 1 : 0),
            Changes = Report.Changes + (byActive.Rejected == byCandidate.Rejected ? 0 : 1),
            SlowestMs = Math.Max(Report.SlowestMs, Math.Round(candidateMs, 2)),
        };

        // Of a part to come the active bank alone may reject every one.
        var toCome = Math.Max(0, Report.Planned - Report.Inspections);
        return Report.CandidateRejects - Report.ActiveRejects - toCome <= _allowed
            ? Report
            : throw new UpdateRefusedException(UpdateRefusal.ShadowShift,
                $"bank '{candidate.Manifest.Id}' would have rejected {Report.CandidateRejects} of {Report.Inspections} parts, '{active.Manifest.Id}' rejected {Report.ActiveRejects}: {_allowed} more of {Report.Planned} are borne (Updates:MaxRejectShift). Look at these parts; fit the bank again with images like them, or calibrate it anew.");
    }

    private static double Relative(ProductBank bank, ScoredImage scored) => scored.Score.Hybrid / (double)bank.Calibration.Threshold;
}
