using StructCore.Vision.Scoring;

namespace StructCore.Vision.Calibration;

/// <summary>What the map of one normal image says: its maximum S_base and its structure phi.</summary>
public readonly record struct NormalScore(float Maximum, StructuralDescriptor Structure);
