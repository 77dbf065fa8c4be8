namespace StructCore.Edge.Simulation.Defects;

/// <summary>What may be wrong with a simulated part.</summary>
internal enum DefectKind
{
    Scratch,
    Dent,
    MissingFeature,
    Stain,
    Crack,
    BrokenEdge,
}
