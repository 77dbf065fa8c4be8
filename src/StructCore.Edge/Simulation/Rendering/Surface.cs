using System.Numerics;

namespace StructCore.Edge.Simulation.Rendering;

/// <summary>What a part is made of at one point.</summary>
/// <param name="Albedo">Share of light it scatters, linear RGB.</param>
/// <param name="Height">Above the tray, in pixels.</param>
/// <param name="Gloss">Strength of the highlight, 0 to 1.</param>
/// <param name="Grain">Direction of the machining marks; zero where there are none.</param>
internal readonly record struct Surface(Vector3 Albedo, float Height, float Gloss, Vector2 Grain = default)
{
    /// <summary>This surface with <paramref name="share"/> of it covered by <paramref name="other"/>.</summary>
    public Surface Under(Surface other, float share) => share <= 0 ? this : new(
        Vector3.Lerp(Albedo, other.Albedo, share),
        float.Lerp(Height, other.Height, share),
        float.Lerp(Gloss, other.Gloss, share),
        Vector2.Lerp(Grain, other.Grain, share));
}
