using System.Numerics;

namespace StructCore.Edge.Simulation.Rendering;

/// <summary>Signed distances to plain shapes, in pixels, negative inside.</summary>
internal static class SignedDistance
{
    public static float Disc(Vector2 p, float radius) => p.Length() - radius;

    /// <summary>A box of half sides <paramref name="half"/> with rounded corners.</summary>
    public static float Box(Vector2 p, Vector2 half, float radius = 0)
    {
        var q = Vector2.Abs(p) - half + new Vector2(radius);
        return Vector2.Max(q, Vector2.Zero).Length() + MathF.Min(MathF.Max(q.X, q.Y), 0) - radius;
    }

    /// <summary>Distance to the segment from <paramref name="a"/> to <paramref name="b"/>, never negative.</summary>
    public static float Segment(Vector2 p, Vector2 a, Vector2 b)
    {
        var (ap, ab) = (p - a, b - a);
        return (ap - (ab * Math.Clamp(Vector2.Dot(ap, ab) / Vector2.Dot(ab, ab), 0, 1))).Length();
    }

    /// <summary>Share of a pixel the shape covers, 0 to 1: what makes edges smooth.</summary>
    public static float Coverage(float distance) => Math.Clamp(0.5f - distance, 0, 1);

    /// <summary>0 below <paramref name="from"/>, 1 above <paramref name="to"/>, smooth between.</summary>
    public static float Step(float from, float to, float value)
    {
        var t = Math.Clamp((value - from) / (to - from), 0, 1);
        return t * t * (3 - (2 * t));
    }
}
