using System.Numerics;
using StructCore.Edge.Simulation.Products;
using StructCore.Edge.Simulation.Rendering;

namespace StructCore.Edge.Simulation.Defects;

/// <summary>Finds a point on a product's outer edge.</summary>
internal static class EdgePoint
{
    /// <summary>Marches from outside towards the middle until the part begins.</summary>
    public static (Vector2 Point, Vector2 Inwards) Find(Product product, RandomStream random)
    {
        var (sin, cos) = MathF.SinCos(random.Between(0, MathF.Tau));
        var inwards = -new Vector2(cos, sin);
        var point = -200 * inwards;
        for (var distance = product.Outline(point); distance > 0.05f; distance = product.Outline(point))
        {
            point += distance * inwards;
        }

        return (point, inwards);
    }
}
