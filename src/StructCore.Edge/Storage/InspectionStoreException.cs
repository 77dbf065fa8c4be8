namespace StructCore.Edge.Storage;

/// <summary>The store could not do what it was asked. The message names the file, the reason and what to do.</summary>
public sealed class InspectionStoreException(string message, Exception? inner = null) : Exception(message, inner);
