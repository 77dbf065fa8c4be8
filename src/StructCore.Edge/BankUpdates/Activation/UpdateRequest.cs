namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>A message about banks that somebody works on.</summary>
/// <param name="Category">The level of its topic; empty where it is about all.</param>
/// <param name="Superseded">Cancelled once another message came on its topic, or this one was cleared.</param>
internal sealed record UpdateRequest(UpdateKind Kind, string Category, ReadOnlyMemory<byte> Payload, CancellationToken Superseded);
