using System.Numerics;

namespace StructCore.Edge.Simulation.Rendering;

/// <summary>One lamp from the upper left over diffuse light, seen from straight above.</summary>
internal sealed class Lighting
{
    private const float Ambient = 0.42f;
    private const float Sharpness = 28;
    private readonly Vector3 _toLamp;
    private readonly Vector3 _half;
    private readonly float _brightness;

    public Lighting(RandomStream random)
    {
        _toLamp = Vector3.Normalize(new Vector3(-0.55f + random.Between(-0.03f, 0.03f), -0.6f + random.Between(-0.03f, 0.03f), 0.9f));
        _half = Vector3.Normalize(_toLamp + Vector3.UnitZ);
        _brightness = random.Between(0.95f, 1.05f);
    }

    /// <summary>Linear RGB that leaves a point towards the camera.</summary>
    /// <param name="surface">What is there.</param>
    /// <param name="slope">Gradient of its height.</param>
    /// <param name="place">Where in the frame, -1 to 1 on both axes.</param>
    public Vector3 Shade(Surface surface, Vector2 slope, Vector2 place)
    {
        var normal = Vector3.Normalize(new Vector3(-slope.X, -slope.Y, 1));
        var diffuse = Ambient + ((1 - Ambient) * MathF.Max(0, Vector3.Dot(normal, _toLamp)));
        var highlight = surface.Gloss * Highlight(normal, surface.Grain);
        var falloff = 1 - (0.09f * (place.X + place.Y)) - (0.07f * place.LengthSquared());
        return ((surface.Albedo * diffuse) + new Vector3(highlight)) * (falloff * _brightness);
    }

    // Grain scatters the highlight across itself: a turned face shows the two bright fans of a record.
    private float Highlight(Vector3 normal, Vector2 grain)
    {
        var mirror = MathF.Max(0, Vector3.Dot(normal, _half));
        var smooth = MathF.Pow(mirror, Sharpness);
        var amount = grain.LengthSquared();
        if (amount < 1e-4f)
        {
            return smooth;
        }

        var along = Vector2.Dot(grain, new Vector2(_half.X, _half.Y));
        var fan = MathF.Pow(MathF.Max(0, 1 - (along * along / amount)), 1.1f * Sharpness) * mirror;
        return float.Lerp(smooth, fan, amount);
    }
}
