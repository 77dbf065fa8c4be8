namespace StructCore.Vision.Datasets;

/// <summary>A folder of images that cannot be used. The message names the folder, what was expected, what was found and what to do.</summary>
public sealed class InvalidDatasetException(string message, Exception? inner = null) : Exception(message, inner);
