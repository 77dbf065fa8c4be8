using StructCore.Edge.Simulation.Defects;
using StructCore.Edge.Simulation.Products;
using StructCore.Edge.Simulation.Rendering;

namespace StructCore.Edge.Simulation.Demo;

/// <summary>What comes down the line in a shift: three products in mixed order, three parts in ten defective, every kind of defect in turn.</summary>
internal static class ShiftPlan
{
    private const double DefectiveShare = 0.3;

    public static IReadOnlyList<PlannedPart> Create(int parts, ulong seed)
    {
        var random = new RandomStream(seed, "shift");
        var defective = (int)Math.Round(parts * DefectiveShare);
        var products = Enum.GetValues<ProductKind>();
        var defects = Enum.GetValues<DefectKind>();

        // Product and defect advance together, so that every product gets every defect before any pair repeats.
        var truths = Enumerable.Range(0, parts)
            .Select(i => (Product: products[i % products.Length], Defect: i < defective ? defects[(i + (i / defects.Length)) % defects.Length] : (DefectKind?)null))
            .ToArray();
        for (var i = truths.Length - 1; i > 0; i--)
        {
            var other = random.Below(i + 1);
            (truths[i], truths[other]) = (truths[other], truths[i]);
        }

        return [.. truths.Select((t, i) => new PlannedPart(i + 1, t.Product, random.Next(), t.Defect, NamesRecipe: i % 5 == 4, AsksReply: i % 4 == 3))];
    }
}
