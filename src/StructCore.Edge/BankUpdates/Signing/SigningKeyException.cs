namespace StructCore.Edge.BankUpdates.Signing;

/// <summary>A key file that cannot be used. The message names file and remedy.</summary>
internal sealed class SigningKeyException(string message, Exception? inner = null) : Exception(message, inner);
