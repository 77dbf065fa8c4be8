namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>What became of a request.</summary>
/// <param name="Refusal">Why it was not taken; null where it was.</param>
/// <param name="RetryIn">When it is worth another attempt; null: not before something changes.</param>
internal sealed record Settlement(UpdateRefusal? Refusal = null, TimeSpan? RetryIn = null);
