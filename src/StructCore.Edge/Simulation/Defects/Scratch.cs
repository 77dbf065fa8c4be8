using System.Numerics;
using StructCore.Edge.Simulation.Products;
using StructCore.Edge.Simulation.Rendering;

namespace StructCore.Edge.Simulation.Defects;

/// <summary>A slightly bent bright groove that thins out at both ends.</summary>
internal sealed class Scratch : Defect
{
    private readonly Vector2 _start;
    private readonly Vector2 _along;
    private readonly float _length;
    private readonly float _halfWidth;
    private readonly float _bend;
    private readonly float _contrast;

    public Scratch(Product product, RandomStream random)
    {
        (_start, _along) = (Inside(product, random, 8), Direction(random));
        (_length, _halfWidth) = (random.Between(36, 80), random.Between(0.9f, 1.6f));
        (_bend, _contrast) = (random.Between(-0.004f, 0.004f), random.Between(0.55f, 0.95f));
        if (product.Outline(_start + (_along * _length)) > 0)
        {
            _along = -_along;
        }
    }

    public override float Coverage(Vector2 p)
    {
        var (along, across) = Local(p);
        var t = along / _length;
        return t is < 0 or > 1 ? 0 : SignedDistance.Coverage(MathF.Abs(across) - _halfWidth);
    }

    public override Surface Apply(Surface surface, Vector2 p)
    {
        var (along, across) = Local(p);
        if (along < 0 || along > _length)
        {
            return surface;
        }

        var taper = MathF.Min(1, 6 * MathF.Min(along, _length - along) / _length);
        var depth = taper * _contrast * MathF.Exp(-across * across / (_halfWidth * _halfWidth));
        var bare = new Vector3(0.75f);
        return surface with { Albedo = Vector3.Lerp(surface.Albedo, bare, 0.75f * depth), Height = surface.Height - (2.2f * depth) };
    }

    private (float Along, float Across) Local(Vector2 p)
    {
        var q = p - _start;
        var along = Vector2.Dot(q, _along);
        return (along, (q.X * -_along.Y) + (q.Y * _along.X) - (_bend * along * (along - _length)));
    }
}
