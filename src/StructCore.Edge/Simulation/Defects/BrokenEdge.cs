using System.Numerics;
using StructCore.Edge.Simulation.Products;
using StructCore.Edge.Simulation.Rendering;

namespace StructCore.Edge.Simulation.Defects;

/// <summary>A ragged bite out of the outer edge with a pale fracture along it.</summary>
internal sealed class BrokenEdge : Defect
{
    private const float Fracture = 3;
    private static readonly Vector3 Pale = new(0.42f, 0.40f, 0.37f);
    private readonly Vector2 _centre;
    private readonly float _radius;
    private readonly uint _phase;

    public BrokenEdge(Product product, RandomStream random)
    {
        _radius = random.Between(12, 20);
        var (edge, inwards) = EdgePoint.Find(product, random);
        _centre = edge - (random.Between(0, 0.3f) * _radius * inwards);
        _phase = (uint)random.Next();
    }

    public override float Coverage(Vector2 p) => SignedDistance.Coverage(Bite(p) - Fracture);

    public override float Outline(Vector2 p, float outline) => MathF.Max(outline, -Bite(p));

    public override Surface Apply(Surface surface, Vector2 p)
    {
        var bite = Bite(p);
        var share = SignedDistance.Step(Fracture, 0, bite);
        return surface.Under(new Surface(Pale * (1 + (0.3f * Noise.At(p * 0.8f, _phase + 3))), surface.Height * 0.4f, 0.05f), share);
    }

    private float Bite(Vector2 p) => SignedDistance.Disc(p - _centre, _radius) + (3.5f * Noise.Fractal(p * 0.16f, _phase));
}
