namespace StructCore.Vision.Evaluation;

/// <summary>Which of the image-level scores of SPEC 8.</summary>
public enum ScoreKind
{
    /// <summary>S_base, the maximum of the map.</summary>
    Base,

    /// <summary>D alone, the structural distance.</summary>
    Struct,

    /// <summary>S_hyb, what a verdict rests on.</summary>
    Hybrid,
}
