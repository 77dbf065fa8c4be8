namespace StructCore.Edge.Triggers;

/// <summary>The bus could not do what it was asked. The message names the broker, the reason and what to check.</summary>
public sealed class MessageBusException(string message, Exception? inner = null) : Exception(message, inner);
