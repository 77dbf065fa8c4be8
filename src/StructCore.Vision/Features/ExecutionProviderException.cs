namespace StructCore.Vision.Features;

/// <summary>An execution provider that is not there or does not start. The message says which, what is there, and what to do.</summary>
public sealed class ExecutionProviderException(string message, Exception? inner = null) : Exception(message, inner);
