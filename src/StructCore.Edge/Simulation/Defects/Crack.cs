using System.Numerics;
using StructCore.Edge.Simulation.Products;
using StructCore.Edge.Simulation.Rendering;

namespace StructCore.Edge.Simulation.Defects;

/// <summary>A dark jagged line that starts at an edge, runs inwards, and may fork.</summary>
internal sealed class Crack : Defect
{
    private readonly List<(Vector2 From, Vector2 To, float HalfWidth)> _pieces = [];

    public Crack(Product product, RandomStream random)
    {
        var (start, inwards) = EdgePoint.Find(product, random);
        var halfWidth = random.Between(1.3f, 2.2f);
        var heading = MathF.Atan2(inwards.Y, inwards.X) + random.Between(-0.5f, 0.5f);
        var pieces = random.Below(5) + 7;
        var tip = Walk(start, heading, pieces, halfWidth, random);
        if (random.Below(2) == 0)
        {
            Walk(tip, heading + (random.Below(2) == 0 ? 0.8f : -0.8f), pieces / 2, 0.7f * halfWidth, random);
        }
    }

    public override float Coverage(Vector2 p)
    {
        var distance = float.MaxValue;
        foreach (var (from, to, halfWidth) in _pieces)
        {
            distance = MathF.Min(distance, SignedDistance.Segment(p, from, to) - halfWidth);
        }

        return SignedDistance.Coverage(distance);
    }

    public override Surface Apply(Surface surface, Vector2 p) =>
        surface.Under(new Surface(0.08f * surface.Albedo, surface.Height - 1.5f, 0), Coverage(p));

    // Returns the point half way, where a fork may start.
    private Vector2 Walk(Vector2 from, float heading, int pieces, float halfWidth, RandomStream random)
    {
        var middle = from;
        for (var i = 0; i < pieces; i++)
        {
            var (sin, cos) = MathF.SinCos(heading + random.Between(-0.7f, 0.7f));
            var to = from + (random.Between(4, 9) * new Vector2(cos, sin));
            _pieces.Add((from, to, halfWidth * (1 - (0.5f * i / pieces))));
            from = to;
            middle = i == pieces / 2 ? to : middle;
        }

        return middle;
    }
}
