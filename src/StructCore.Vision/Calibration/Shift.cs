namespace StructCore.Vision.Calibration;

/// <summary>How recent values lie beside those of the calibration images.</summary>
/// <param name="Above">Share of pairs in which the recent value is the larger one, ties half, 0 to 1; 0.5 where nothing has changed.</param>
/// <param name="PValue">How likely chance alone moves them this far, 0 to 1.</param>
public readonly record struct Shift(double Above, double PValue);
