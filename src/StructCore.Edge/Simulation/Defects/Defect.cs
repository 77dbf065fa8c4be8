using System.Numerics;
using StructCore.Edge.Simulation.Products;
using StructCore.Edge.Simulation.Rendering;

namespace StructCore.Edge.Simulation.Defects;

/// <summary>One thing wrong with a part, in the part's coordinates.</summary>
internal abstract class Defect
{
    /// <summary>Places a defect of seeded size and strength on a product.</summary>
    public static Defect Create(DefectKind kind, Product product, RandomStream random) => kind switch
    {
        DefectKind.Scratch => new Scratch(product, random),
        DefectKind.Dent => new Dent(product, random),
        DefectKind.MissingFeature => new MissingFeature(product, random),
        DefectKind.Stain => new Stain(product, random),
        DefectKind.Crack => new Crack(product, random),
        DefectKind.BrokenEdge => new BrokenEdge(product, random),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>Share of the point that is defective, 0 to 1; the ground truth is where it is at least a half and the part should be.</summary>
    public abstract float Coverage(Vector2 p);

    /// <summary>The part's outline with the defect in it.</summary>
    public virtual float Outline(Vector2 p, float outline) => outline;

    /// <summary>The part's surface with the defect in it.</summary>
    public virtual Surface Apply(Surface surface, Vector2 p) => surface;

    /// <summary>A point on the part, at least <paramref name="margin"/> pixels from every edge.</summary>
    protected static Vector2 Inside(Product product, RandomStream random, float margin)
    {
        while (true)
        {
            var p = new Vector2(random.Between(-130, 130), random.Between(-130, 130));
            if (product.Outline(p) < -margin)
            {
                return p;
            }
        }
    }

    protected static Vector2 Direction(RandomStream random)
    {
        var (sin, cos) = MathF.SinCos(random.Between(0, MathF.Tau));
        return new Vector2(cos, sin);
    }
}
