using StructCore.Edge.Simulation.Defects;
using StructCore.Edge.Simulation.Products;

namespace StructCore.Edge.Simulation.Demo;

/// <summary>One part of a shift, with its truth.</summary>
/// <param name="Number">Its place in the shift, from 1.</param>
/// <param name="Product">What it is.</param>
/// <param name="Seed">What it looks like.</param>
/// <param name="Defect">What is wrong with it; null for a good part.</param>
/// <param name="NamesRecipe">The PLC says what it is; otherwise the agent finds out.</param>
/// <param name="AsksReply">The PLC asks for the answer on its own response topic.</param>
internal sealed record PlannedPart(int Number, ProductKind Product, ulong Seed, DefectKind? Defect, bool NamesRecipe, bool AsksReply)
{
    /// <summary>Name of the product's bank.</summary>
    public string Category => CategoryOf(Product);

    /// <summary>The file the camera shows for this part; files replay in ordinal order, and no name tells the truth.</summary>
    public string FrameFile => $"{Number:D4}.png";

    public static string CategoryOf(ProductKind product) => product.ToString().ToLowerInvariant();
}
