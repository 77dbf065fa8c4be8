using System.ComponentModel.DataAnnotations;

namespace StructCore.Edge.Drift;

/// <summary><c>Drift</c> in the configuration: how accepted parts are compared with the calibration images.</summary>
internal sealed class DriftOptions
{
    public const int LeastWindow = 20;

    /// <summary>Accepted parts of a category that are compared, the newest, 20 to 10000; 0: none are.</summary>
    [Range(0, 10_000)]
    public int Window { get; set; } = 500;

    /// <summary>Accepted parts as good as the calibration images in which one false alarm is borne, 10000 to 1000000000.</summary>
    [Range(10_000, 1_000_000_000)]
    public int PartsPerFalseAlarm { get; set; } = 100_000;
}
