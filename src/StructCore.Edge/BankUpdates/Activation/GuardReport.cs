namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>How a bank did since it decides.</summary>
/// <param name="Inspections">Parts it decided so far, or should have.</param>
/// <param name="Planned">Parts it is watched for.</param>
/// <param name="Rejects">Parts without an ACCEPT, by it or because of it.</param>
/// <param name="Errors">Those of them that ended in an ERROR.</param>
/// <param name="AllowedRejects">One more and it is swapped back.</param>
/// <param name="MedianMs">Features and score of its last parts; null until there were enough.</param>
/// <param name="BeforeMs">The same before it decided; null where too little was known then.</param>
internal sealed record GuardReport(int Inspections, int Planned, int Rejects, int Errors, int AllowedRejects, double? MedianMs, double? BeforeMs)
{
    public bool IsComplete => Inspections >= Planned;
}
