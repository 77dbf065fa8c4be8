using StructCore.Edge.Verdicts;

namespace StructCore.Edge.Operator;

/// <summary>What <c>rollback</c> brought.</summary>
/// <param name="Active">The bank of the next inspection.</param>
/// <param name="Previous">What another rollback goes back to.</param>
internal sealed record RollbackReport(string Category, BankIdentity Active, BankIdentity? Previous);
