namespace StructCore.Edge.Verdicts;

/// <summary><c>timings_ms</c> of a verdict.</summary>
internal sealed record TimingsBody(double Queue, double Grab, double Features, double Score, double Store, double Total)
{
    public static TimingsBody Of(StageTimings t) => new(Round(t.Queue), Round(t.Grab), Round(t.Features), Round(t.Score), Round(t.Store), Round(t.Total));

    private static double Round(double milliseconds) => Math.Round(milliseconds, 2);
}
