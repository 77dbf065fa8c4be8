using System.Numerics;
using StructCore.Edge.Simulation.Products;
using StructCore.Edge.Simulation.Rendering;

namespace StructCore.Edge.Simulation.Defects;

/// <summary>A hole that was not drilled, a component not placed, an empty pocket.</summary>
internal sealed class MissingFeature : Defect
{
    private readonly Vector2 _centre;
    private readonly float _radius;

    public MissingFeature(Product product, RandomStream random)
    {
        product.Missing = random.Below(product.Features.Count);
        (_centre, _radius) = product.Features[product.Missing];
    }

    public override float Coverage(Vector2 p) => SignedDistance.Coverage(SignedDistance.Disc(p - _centre, _radius));
}
