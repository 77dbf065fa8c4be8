using System.Text.Json.Serialization;

namespace StructCore.Benchmarks.Peers;

/// <summary>One measured row; the peer's figures are null where there is no peer.</summary>
/// <param name="Work">What was done.</param>
/// <param name="OursMs">Median over the rounds, ms.</param>
/// <param name="PeerMs">The peer's, in the same rounds.</param>
/// <param name="Ratio">Median over the rounds of ours / peer.</param>
/// <param name="RatioLow">Smallest of the rounds.</param>
/// <param name="RatioHigh">Largest of the rounds.</param>
/// <param name="Aim">What the ratio should be at most.</param>
internal sealed record PeerRow(string Work, double OursMs, double? PeerMs, double? Ratio, [property: JsonIgnore] double? RatioLow, [property: JsonIgnore] double? RatioHigh, double Aim);
