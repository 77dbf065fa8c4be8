using System.Numerics;
using StructCore.Edge.Simulation.Rendering;
using static StructCore.Edge.Simulation.Rendering.SignedDistance;

namespace StructCore.Edge.Simulation.Products;

/// <summary>A turned steel flange: six countersunk bolt holes, a raised hub, a bore with a keyway.</summary>
internal sealed class Flange(RandomStream random) : Product
{
    private const int Holes = 6;
    private const float Radius = 132;
    private const float BoltCircle = 92;
    private const float HoleRadius = 14;
    private const float HubRadius = 60;
    private const float BoreRadius = 36;

    private readonly uint _phase = (uint)random.Next();

    public override IReadOnlyList<(Vector2 Centre, float Radius)> Features { get; } =
        [.. Enumerable.Range(0, Holes).Select(i => (Hole(i), HoleRadius + 4))];

    public override float Outline(Vector2 p)
    {
        var body = MathF.Max(Disc(p, Radius), -Bore(p));
        return MathF.Max(body, -NearestHole(p));
    }

    public override Surface At(Vector2 p, float outline)
    {
        var radius = p.Length();
        var grain = radius > 1 ? new Vector2(-p.Y, p.X) / radius : Vector2.Zero;

        // Tool marks: fine rings, wandering a little along the circumference.
        var ring = radius + (0.6f * Noise.At(p * 0.02f, _phase));
        var marks = (0.6f * Noise.At(ring * 0.9f, _phase + 1)) + (0.4f * Noise.At(ring * 0.31f, _phase + 2));
        var hub = Step(HubRadius + 4, HubRadius, radius);
        var chamfer = 5 * Step(0, 5, -outline);
        var sheen = 1 + (0.12f * marks) + (0.05f * Noise.Fractal(p * 0.03f, _phase + 3));
        return new Surface(new Vector3(0.30f, 0.31f, 0.33f) * sheen, chamfer + (4 * hub) + (0.16f * marks), 0.5f * sheen, 0.97f * grain);
    }

    private static Vector2 Hole(int index)
    {
        var (sin, cos) = MathF.SinCos((index + 0.5f) * MathF.Tau / Holes);
        return BoltCircle * new Vector2(cos, sin);
    }

    private static float Bore(Vector2 p) =>
        MathF.Min(Disc(p, BoreRadius), Box(p + new Vector2(0, BoreRadius), new Vector2(7, 9), 1));

    private float NearestHole(Vector2 p)
    {
        var index = (int)MathF.Floor((MathF.Atan2(p.Y, p.X) + MathF.Tau) * Holes / MathF.Tau) % Holes;
        return index == Missing ? float.MaxValue : Disc(p - Hole(index), HoleRadius);
    }
}
