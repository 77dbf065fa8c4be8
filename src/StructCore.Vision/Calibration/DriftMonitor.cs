namespace StructCore.Vision.Calibration;

/// <summary>
/// Compares the newest accepted parts with the calibration images that the calibration accepts itself, by rank-sum tests of the hybrid score and of
/// the route distance. Tested four times a window, at a level such that parts exchangeable with the calibration images raise a false alarm
/// once in a stated number of parts, at most and in the mean.
/// </summary>
/// <remarks>
/// Upward only, since calibration images that the bank was fitted from are scored without themselves and so lie rather high; to both sides where
/// they were held out.
/// Not thread-safe.
/// </remarks>
public sealed class DriftMonitor
{
    // A test more often would share nearly all its parts with the one before.
    private const int TestsPerWindow = 4;

    // Score and route distance share the level.
    private const int Kinds = 2;

    // What is suspected stays so until both look ordinary, so that the state does not flutter around the level.
    private const double Ordinary = 0.05;

    private readonly int _window;
    private readonly int _step;
    private readonly double _level;
    private readonly bool _twoSided;
    private readonly RecentValues _scores;
    private readonly RecentValues _routeDistances;
    private long _added;

    private DriftMonitor((float Score, float RouteDistance)[] accepted, bool twoSided, int window, double partsPerFalseAlarm)
    {
        (_window, _step, _twoSided) = (window, Math.Max(1, window / TestsPerWindow), twoSided);
        _level = _step / partsPerFalseAlarm / Kinds;
        _scores = new(accepted.Select(i => i.Score), window);
        _routeDistances = new(accepted.Select(i => i.RouteDistance), window);
    }

    /// <summary>What the last test came to; null before the first.</summary>
    public DriftReading? Reading { get; private set; }

    /// <summary>
    /// Null where nothing can be compared: the calibration kept no normal scores, accepts fewer than <see cref="Calibrator.AdvisedImages"/> of
    /// its images, or is <see cref="CalibrationMethod.Paper"/>'s, whose images lie in the bank and so below all parts.
    /// </summary>
    /// <param name="calibration">What the parts are accepted by.</param>
    /// <param name="window">Accepted parts that are compared, 1 or more.</param>
    /// <param name="partsPerFalseAlarm">Accepted parts without any change in which one false alarm is borne, at least <paramref name="window"/>.</param>
    public static DriftMonitor? Of(ScoreCalibration calibration, int window, double partsPerFalseAlarm)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(window);
        ArgumentOutOfRangeException.ThrowIfLessThan(partsPerFalseAlarm, window);
        if (calibration is { Method: CalibrationMethod.Paper } or { Normal: null })
        {
            return null;
        }

        // Of parts only the accepted ones are seen; so it must be here.
        (float Score, float RouteDistance)[] accepted =
        [
            .. from image in calibration.Normal
               let score = calibration.Score(image.Map)
               where !calibration.Rejects(score)
               select (score.Hybrid, image.RouteDistance),
        ];
        return accepted.Length < Calibrator.AdvisedImages ? null : new(accepted, calibration.Method == CalibrationMethod.HeldOut, window, partsPerFalseAlarm);
    }

    /// <summary>Takes an accepted part into account.</summary>
    /// <param name="score">Its hybrid score.</param>
    /// <param name="routeDistance">Its distance to the category's prototypes.</param>
    /// <returns>Whether this was one to test after, so that <see cref="Reading"/> is new.</returns>
    public bool Add(float score, float routeDistance)
    {
        _scores.Add(score);
        _routeDistances.Add(routeDistance);
        if (++_added < _window || _added % _step != 0)
        {
            return false;
        }

        var (scores, routeDistances) = (Compare(_scores), Compare(_routeDistances));
        var least = Math.Min(scores.PValue, routeDistances.PValue);
        Reading = new(_scores.Count, scores, routeDistances, least <= (Reading is { Suspected: true } ? Ordinary : _level));
        return true;
    }

    private Shift Compare(RecentValues recent) =>
        new(recent.Above, _twoSided ? Math.Min(1, 2 * Math.Min(recent.PHigher, recent.PLower)) : recent.PHigher);
}
