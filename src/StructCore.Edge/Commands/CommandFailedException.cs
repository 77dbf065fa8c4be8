namespace StructCore.Edge.Commands;

/// <summary>A verb that cannot do what it was asked. The message names subject, expected, actual and remedy; the user sees it, without a stack, and exit code 1.</summary>
internal sealed class CommandFailedException(string message, Exception? inner = null) : Exception(message, inner);
