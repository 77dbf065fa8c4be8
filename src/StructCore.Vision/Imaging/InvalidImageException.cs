namespace StructCore.Vision.Imaging;

/// <summary>An image that cannot be used. The message names the source, what was expected, what was found and what to do.</summary>
public sealed class InvalidImageException(string message, Exception? inner = null) : Exception(message, inner);
