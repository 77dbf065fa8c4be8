namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>How a candidate judged the parts that the active bank decided.</summary>
/// <param name="Inspections">Parts so far.</param>
/// <param name="Planned">Parts it takes.</param>
/// <param name="Changes">Parts with another verdict, either way.</param>
/// <param name="MeanDifference">Of the two scores, each by its own threshold; parts whose score is no number aside.</param>
/// <param name="SlowestMs">Longest time the candidate took to score a part.</param>
internal sealed record ShadowReport(int Inspections, int Planned, int ActiveRejects, int CandidateRejects, int Changes, double MeanDifference, double LargestDifference, double SlowestMs)
{
    public bool IsComplete => Inspections >= Planned;
}
