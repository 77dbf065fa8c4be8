using System.Numerics;
using StructCore.Edge.Simulation.Rendering;
using static StructCore.Edge.Simulation.Rendering.SignedDistance;

namespace StructCore.Edge.Simulation.Products;

/// <summary>A blister pack: knurled foil, twelve clear pockets with a scored two-coloured pill in each.</summary>
internal sealed class Blister : Product
{
    private const int Columns = 4;
    private const int Rows = 3;
    private const float PocketRadius = 24;
    private const float PillRadius = 17.5f;

    private static readonly Vector2 Half = new(137, 112);
    private static readonly Vector2 Pitch = new(64, 68);
    private static readonly Vector3 Foil = new(0.40f, 0.41f, 0.43f);
    private static readonly Vector3 PillColour = new(0.78f, 0.50f, 0.30f);

    private readonly uint _phase;
    private readonly (Vector2 Centre, Vector2 Score)[] _pills;

    public Blister(RandomStream random)
    {
        _phase = (uint)random.Next();
        Features = [.. Enumerable.Range(0, Columns * Rows).Select(i => (Pocket(i), PillRadius + 2))];
        _pills = [.. Features.Select(f =>
        {
            var (sin, cos) = MathF.SinCos(random.Between(-0.35f, 0.35f));
            return (f.Centre + new Vector2(random.Between(-0.7f, 0.7f), random.Between(-0.7f, 0.7f)), new Vector2(cos, sin));
        })];
    }

    public override IReadOnlyList<(Vector2 Centre, float Radius)> Features { get; }

    public override float Outline(Vector2 p) => Box(p, Half, 14);

    public override Surface At(Vector2 p, float outline)
    {
        var column = Math.Clamp((int)MathF.Floor((p.X / Pitch.X) + (Columns / 2f)), 0, Columns - 1);
        var row = Math.Clamp((int)MathF.Floor((p.Y / Pitch.Y) + (Rows / 2f)), 0, Rows - 1);
        var index = (row * Columns) + column;
        var pocket = Disc(p - Pocket(index), PocketRadius);

        // Knurled foil, pressed flat in a seam around every pocket and along the edge.
        var knurl = MathF.Cos((p.X + p.Y) * 0.44f) * MathF.Cos((p.X - p.Y) * 0.44f);
        var flat = Step(3, 6, pocket) * Step(2, 6, -outline);
        var foil = new Surface(
            Foil * (1 + (0.06f * Noise.Fractal(p * 0.05f, _phase))),
            3 + (0.7f * flat * knurl) + (0.8f * Noise.At(p * 0.03f, _phase + 5)),
            0.42f);
        return foil.Under(InPocket(p, index, pocket), Coverage(pocket));
    }

    private static Vector2 Pocket(int index) =>
        Pitch * new Vector2((index % Columns) - ((Columns - 1) / 2f), (index / Columns) - ((Rows - 1) / 2f));

    private Surface InPocket(Vector2 p, int index, float pocket)
    {
        // The clear dome adds its own glint; its wall rises steeply from the seam.
        var depth = -pocket / PocketRadius;
        var wall = 7 * Step(0, 0.35f, depth);
        var empty = new Surface(Foil * 0.55f, 3 + wall - (5 * Step(0.2f, 0.6f, depth)), 0.25f);
        if (index == Missing)
        {
            return empty;
        }

        var (centre, score) = _pills[index];
        var q = p - centre;
        var edge = Disc(q, PillRadius);
        var groove = MathF.Exp(-Vector2.Dot(q, score) * Vector2.Dot(q, score) / 3);
        var bulge = MathF.Sqrt(MathF.Max(0, 1 - MathF.Pow(q.Length() / (PillRadius + 0.5f), 3)));
        var speckle = 1 + (0.05f * Noise.Fractal(q * 0.35f, _phase + (uint)index));
        var pill = new Surface(PillColour * speckle, 6 + (6 * bulge) - (1.4f * groove), 0.22f);
        return empty.Under(pill, Coverage(edge));
    }
}
