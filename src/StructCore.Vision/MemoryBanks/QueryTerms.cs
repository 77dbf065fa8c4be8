namespace StructCore.Vision.MemoryBanks;

/// <summary>What the bound of a distance takes from the query q beside its values.</summary>
/// <param name="SquaredNorm">|q|², rounded down.</param>
/// <param name="Scale">Size of one step of the quantised query q'.</param>
/// <param name="Norm">2·|q'|: times the row's error, what that error can hide.</param>
/// <param name="Error">2·|q - q'|: times the row's norm, what the query's error can hide.</param>
internal readonly record struct QueryTerms(float SquaredNorm, float Scale, float Norm, float Error)
{
    /// <summary>Whether there is a distance at all.</summary>
    public bool IsFinite => float.IsFinite(SquaredNorm);
}
