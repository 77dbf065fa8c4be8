using StructCore.Edge.Verdicts;

namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>A verdict that is out, as the guard needs it.</summary>
/// <param name="Category">What the trigger asked for, or else what the image was routed to; null where neither is known.</param>
/// <param name="Framed">The part had its frame.</param>
internal sealed record SeenVerdict(string? Category, Verdict Verdict, bool Framed);
