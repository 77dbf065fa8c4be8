namespace StructCore.Edge.Cameras;

/// <summary>A camera that cannot be used. The message names its id, the device, the reason and what to check.</summary>
public sealed class CameraException(string message, Exception? inner = null) : Exception(message, inner);
