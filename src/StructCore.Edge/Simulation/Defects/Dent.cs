using System.Numerics;
using StructCore.Edge.Simulation.Products;
using StructCore.Edge.Simulation.Rendering;

namespace StructCore.Edge.Simulation.Defects;

/// <summary>A round hollow, dark at its bottom, with a thrown-up rim that is scuffed pale.</summary>
internal sealed class Dent : Defect
{
    private readonly Vector2 _centre;
    private readonly float _radius;
    private readonly float _depth;

    public Dent(Product product, RandomStream random)
    {
        _radius = random.Between(9, 15);
        _centre = Inside(product, random, _radius);
        _depth = _radius * random.Between(0.4f, 0.65f);
    }

    public override float Coverage(Vector2 p) => SignedDistance.Coverage(SignedDistance.Disc(p - _centre, _radius));

    public override Surface Apply(Surface surface, Vector2 p)
    {
        var r = (p - _centre).Length() / _radius;
        if (r > 1)
        {
            return surface;
        }

        // The fourth-power bowl meets the surface without a step; the rim stands at seven tenths of the radius.
        var fade = (1 - (r * r)) * (1 - (r * r));
        var bowl = fade * ((5 * r * r) - 1);
        return surface with { Height = surface.Height + (_depth * bowl), Albedo = Vector3.Lerp(surface.Albedo * (1 - (0.6f * fade * fade)), new Vector3(0.5f), MathF.Max(0, 1.4f * bowl)) };
    }
}
