using StructCore.Vision.Features;
using StructCore.Vision.MemoryBanks;
using StructCore.Vision.Scoring;

namespace StructCore.Vision.Fitting;

/// <summary>Features to patch scores, maximum and structure against one memory bank: SPEC 6 to phi of SPEC 8.</summary>
internal sealed class BankScorer(MemoryBank bank, int neighbours, int mapSide)
{
    private readonly NearestNeighbourSearch _search = new(bank);

    /// <summary>Null where <paramref name="ignoreImage"/> leaves no bank row.</summary>
    public (PatchScores Patches, MapStatistics Map)? Score(PatchFeatures features, int? ignoreImage = null)
    {
        if (_search.Score(features, neighbours, ignoreImage) is not { } scores)
        {
            return null;
        }

        var patches = new PatchScores(features.GridHeight, features.GridWidth, scores);
        return (patches, MapStatistics.Of(patches, mapSide));
    }
}
