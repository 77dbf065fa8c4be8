using StructCore.Vision.Scoring;

namespace StructCore.Vision.Calibration;

/// <summary>What one calibration image came to.</summary>
/// <param name="Map">Maximum and structure of its map, in squared distances.</param>
/// <param name="RouteDistance">Its distance to the category's prototypes (SPEC 5), 0 to 4.</param>
/// <param name="CoverDistance">The prototypes' distance to it, 0 to 4.</param>
public readonly record struct NormalScore(MapStatistics Map, float RouteDistance, float CoverDistance);
