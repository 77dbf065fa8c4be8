namespace StructCore.Vision.Features;

/// <summary>A backbone, its weights or its sidecar that cannot be used. The message names the file, the part of it, what was expected, what was found and what to do.</summary>
public sealed class InvalidBackboneException(string message, Exception? inner = null) : Exception(message, inner);
