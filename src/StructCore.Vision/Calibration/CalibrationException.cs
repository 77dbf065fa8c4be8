namespace StructCore.Vision.Calibration;

/// <summary>Normal images that no calibration can rest on. The message says what is missing and what to add.</summary>
public sealed class CalibrationException(string message) : Exception(message);
