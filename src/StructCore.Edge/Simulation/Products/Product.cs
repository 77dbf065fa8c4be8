using System.Numerics;
using StructCore.Edge.Simulation.Rendering;

namespace StructCore.Edge.Simulation.Products;

/// <summary>A simulated product in its own coordinates: pixels from its middle, x to the right, y down.</summary>
internal abstract class Product
{
    /// <summary>Discs that hold what a part may lack: a hole, a component, a pill.</summary>
    public abstract IReadOnlyList<(Vector2 Centre, float Radius)> Features { get; }

    /// <summary>Index of the feature this part lacks; -1 for none.</summary>
    public int Missing { get; set; } = -1;

    public static Product Create(ProductKind kind, RandomStream random) => kind switch
    {
        ProductKind.Flange => new Flange(random),
        ProductKind.Circuit => new Circuit(random),
        ProductKind.Blister => new Blister(random),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>Signed distance to the part's edge, holes included; negative on the part.</summary>
    public abstract float Outline(Vector2 p);

    /// <summary>The part's surface; <paramref name="outline"/> is <see cref="Outline"/> there.</summary>
    public abstract Surface At(Vector2 p, float outline);
}
