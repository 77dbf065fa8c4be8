namespace StructCore.Edge.Inspection;

/// <summary>What one bank made of a blank frame.</summary>
/// <param name="Failure">Why it gave no verdict; null where it did.</param>
internal sealed record BankRehearsal(string Bank, double ScoreMs, string? Failure);
