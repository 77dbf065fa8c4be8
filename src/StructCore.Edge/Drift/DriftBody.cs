using System.Globalization;
using StructCore.Vision.Calibration;

namespace StructCore.Edge.Drift;

/// <summary><c>drift</c> in the body of <c>bank/{category}/state</c>.</summary>
/// <param name="Since">When it was first suspected; absent where it is not.</param>
/// <param name="Parts">Accepted parts of the last test; 0 before the first.</param>
/// <param name="Score">How their hybrid scores lie beside those of the calibration images; absent before the first test.</param>
/// <param name="RouteDistance">Likewise their route distances.</param>
internal sealed record DriftBody(DriftState State, DateTimeOffset? Since, int Parts, Shift? Score, Shift? RouteDistance)
{
    public const string Remedy = "Look at lamp, lens, focus and exposure, and at a part of today beside one of the calibration; where the product itself has changed for good, calibrate again with good parts of today (structcore recalibrate) or fit a new bank";

    public static DriftBody Untested { get; } = new(DriftState.None, null, 0, null, null);

    /// <summary>What the last test came to, in words.</summary>
    public string Describe() => Score is { } score && RouteDistance is { } route
        ? string.Create(CultureInfo.InvariantCulture, $"of the last {Parts} accepted parts the score is above that of a calibration image in {score.Above:P0} of all pairs (p = {score.PValue:G2}), the route distance in {route.Above:P0} (p = {route.PValue:G2}); without a change it is 50 %")
        : "too few accepted parts yet";
}
