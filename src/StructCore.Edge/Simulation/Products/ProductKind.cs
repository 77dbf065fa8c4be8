namespace StructCore.Edge.Simulation.Products;

/// <summary>What the simulated line makes. The lower-case name is the category of its bank.</summary>
internal enum ProductKind
{
    Flange,
    Circuit,
    Blister,
}
