using System.Numerics;
using StructCore.Edge.Simulation.Products;
using StructCore.Edge.Simulation.Rendering;

namespace StructCore.Edge.Simulation.Defects;

/// <summary>A slightly bent groove that thins out at both ends: dark inside, a bright burr along one side.</summary>
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
        (_length, _halfWidth) = (random.Between(45, 95), random.Between(1.6f, 2.6f));
        (_bend, _contrast) = (random.Between(-0.004f, 0.004f), random.Between(0.7f, 1));
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
        var flank = new Vector3(across > 0.5f * _halfWidth ? 0.9f : 0.02f);
        return surface with { Albedo = Vector3.Lerp(surface.Albedo, flank, 0.9f * depth), Height = surface.Height - (4 * depth) };
    }

    private (float Along, float Across) Local(Vector2 p)
    {
        var q = p - _start;
        var along = Vector2.Dot(q, _along);
        return (along, (q.X * -_along.Y) + (q.Y * _along.X) - (_bend * along * (along - _length)));
    }
}
