using System.Numerics;
using StructCore.Edge.Simulation.Products;
using StructCore.Edge.Simulation.Rendering;

namespace StructCore.Edge.Simulation.Defects;

/// <summary>A ragged splash of rusty oil, matt, with a thicker border where it dried.</summary>
internal sealed class Stain : Defect
{
    private static readonly Vector3 Oil = new(0.27f, 0.125f, 0.035f);
    private readonly Vector2 _centre;
    private readonly float _radius;
    private readonly float _strength;
    private readonly uint _phase;

    public Stain(Product product, RandomStream random)
    {
        _radius = random.Between(13, 24);
        _centre = Inside(product, random, 0.6f * _radius);
        _strength = random.Between(0.75f, 1);
        _phase = (uint)random.Next();
    }

    public override float Coverage(Vector2 p) => SignedDistance.Step(1.5f, -1.5f, Shape(p));

    public override Surface Apply(Surface surface, Vector2 p)
    {
        var shape = Shape(p);
        if (shape > 2)
        {
            return surface;
        }

        var border = MathF.Exp(-(shape + 1.5f) * (shape + 1.5f) / 3);
        var film = _strength * SignedDistance.Step(1.5f, -1.5f, shape) * (0.75f + (0.25f * border) + (0.12f * Noise.Fractal(p * 0.12f, _phase + 9)));
        return surface with
        {
            Albedo = Vector3.Lerp(surface.Albedo, Oil * (1 + (0.4f * Noise.Fractal(p * 0.3f, _phase + 5))), film),
            Gloss = surface.Gloss * (1 - (0.7f * film)),
        };
    }

    private float Shape(Vector2 p) => SignedDistance.Disc(p - _centre, _radius * (0.8f + (0.35f * Noise.Fractal((p - _centre) * 0.09f, _phase))));
}
