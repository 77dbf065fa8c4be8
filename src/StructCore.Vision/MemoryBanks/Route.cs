namespace StructCore.Vision.MemoryBanks;

/// <summary>Where an image belongs.</summary>
/// <param name="Category">The category with the smallest route distance; ties go to the first in ordinal order.</param>
/// <param name="Distances">route(c) of every category asked, mean squared L2 distance in routing space, 0 to 4.</param>
/// <param name="CoverDistances">The same the other way round: cover(c) = mean over prototypes of min over patches, 0 to 4. It chooses nothing; it tells whether the image shows what the category shows.</param>
public sealed record Route(string Category, IReadOnlyDictionary<string, float> Distances, IReadOnlyDictionary<string, float> CoverDistances)
{
    /// <summary>The route over all categories but one; null where there is no other.</summary>
    public Route? Without(string category)
    {
        var (distances, covers) = (Others(Distances), Others(CoverDistances));
        return distances.Count == 0 ? null : new Route(distances.MinBy(d => d.Value).Key, distances, covers);

        SortedDictionary<string, float> Others(IReadOnlyDictionary<string, float> all) => new(all.Where(d => d.Key != category).ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal);
    }
}
