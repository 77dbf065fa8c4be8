using System.Text.Json.Serialization;
using StructCore.Edge.Verdicts;

namespace StructCore.Edge.Operator;

/// <summary>What <c>teach</c> brought.</summary>
/// <param name="Bank">The bank of the next inspection.</param>
/// <param name="Images">Sha256 of what was taught, or taken back, lower-case hex.</param>
/// <param name="Rows">Rows that came, or went.</param>
/// <param name="Taught">Images that are taught to the bank now.</param>
internal sealed record TeachReport(string Category, BankIdentity Bank, IReadOnlyList<string> Images, int Rows, int Taught)
{
    /// <summary>Score of the image before; absent where it was taken back.</summary>
    public float? ScoreBefore { get; init; }

    public float? Score { get; init; }

    public float? Threshold { get; init; }

    /// <summary>Whether the bank accepts the image now: not always, where its patches alone are not what was unusual.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Accepted { get; init; }
}
