namespace StructCore.Vision.Calibration;

/// <summary>What one test of recent accepts against the calibration came to.</summary>
/// <param name="Parts">Accepted parts that were compared.</param>
/// <param name="Score">Their hybrid scores.</param>
/// <param name="RouteDistance">Their route distances.</param>
/// <param name="Suspected">Whether they are taken to be no longer as the calibration images are.</param>
public sealed record DriftReading(int Parts, Shift Score, Shift RouteDistance, bool Suspected);
