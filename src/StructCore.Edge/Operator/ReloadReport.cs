namespace StructCore.Edge.Operator;

/// <summary>What <c>reload</c> brought.</summary>
/// <param name="Banks">Ids of the banks of the next inspection.</param>
internal sealed record ReloadReport(IReadOnlyList<string> Banks);
