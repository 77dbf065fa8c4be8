namespace StructCore.Vision.Fitting;

/// <summary>An image that cannot be taught, or taken back. The message says why, and what to do.</summary>
public sealed class TeachingException(string message) : Exception(message);
