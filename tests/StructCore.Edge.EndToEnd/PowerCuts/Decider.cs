using System.Text.Json;

namespace StructCore.Tests.PowerCuts;

/// <summary>A bank as it decides about the one part of these tests.</summary>
/// <param name="Threshold">The bank's own, or that of a calibration document.</param>
internal sealed record Decider(string Id, string Sha256, float Score, float Threshold)
{
    public string FileName => Id + Vision.Fitting.BankFile.Extension;

    /// <summary>Bank, score, threshold and decision of a verdict are all this one's.</summary>
    public bool Gave(JsonElement verdict) =>
        verdict.TryGetProperty("bank", out var bank)
        && bank.GetProperty("id").GetString() == Id && bank.GetProperty("sha256").GetString() == Sha256
        && verdict.GetProperty("score").GetSingle() == Score && verdict.GetProperty("threshold").GetSingle() == Threshold
        && verdict.GetProperty("verdict").GetString() == (Score > Threshold ? "REJECT" : "ACCEPT");
}
