using System.Numerics;

namespace StructCore.Edge.Simulation.Rendering;

/// <summary>Smooth value noise over a hashed lattice, -1 to 1.</summary>
internal static class Noise
{
    public static float At(float x, uint phase)
    {
        var cell = MathF.Floor(x);
        var (i, t) = ((int)cell, Fade(x - cell));
        return float.Lerp(Lattice(i, 0, phase), Lattice(i + 1, 0, phase), t);
    }

    public static float At(Vector2 p, uint phase)
    {
        var (cellX, cellY) = (MathF.Floor(p.X), MathF.Floor(p.Y));
        var (i, j, s, t) = ((int)cellX, (int)cellY, Fade(p.X - cellX), Fade(p.Y - cellY));
        return float.Lerp(
            float.Lerp(Lattice(i, j, phase), Lattice(i + 1, j, phase), s),
            float.Lerp(Lattice(i, j + 1, phase), Lattice(i + 1, j + 1, phase), s),
            t);
    }

    /// <summary>Three octaves.</summary>
    public static float Fractal(Vector2 p, uint phase) =>
        (0.57f * At(p, phase)) + (0.29f * At(2.03f * p, phase + 1)) + (0.14f * At(4.11f * p, phase + 2));

    private static float Fade(float t) => t * t * (3 - (2 * t));

    private static float Lattice(int x, int y, uint phase)
    {
        var h = ((uint)x * 0x8DA6B343) ^ ((uint)y * 0xD8163841) ^ (phase * 0xCB1AB31F);
        h = (h ^ (h >> 15)) * 0x2C1B3C6D;
        h = (h ^ (h >> 12)) * 0x297A2D39;
        h ^= h >> 15;
        return (h * (2f / uint.MaxValue)) - 1;
    }
}
