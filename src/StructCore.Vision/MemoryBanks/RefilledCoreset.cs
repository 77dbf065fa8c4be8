using StructCore.Vision.Features;

namespace StructCore.Vision.MemoryBanks;

/// <summary>
/// A coreset that was chosen without a few images, and goes on with all but one of these: what lies beyond the covering radius gets centres of its
/// own, the farthest row first. The one left out had no part in any choice, so that no centre keeps away from its patches.
/// </summary>
/// <remarks>Immutable; safe to use from any thread, several at a time.</remarks>
internal sealed class RefilledCoreset
{
    private readonly ProxyRows _proxies;
    private readonly float _squaredRadius;
    private readonly int _rowsPerImage;
    private readonly (int Row, float Distance)[] _open;

    /// <param name="proxies">All rows.</param>
    /// <param name="centres">Rows of other images.</param>
    /// <param name="squaredRadius">How near to a centre every row shall be, in proxy space.</param>
    /// <param name="images">The images that were left out, as multiples of <paramref name="rowsPerImage"/>, ascending.</param>
    /// <param name="rowsPerImage">Rows of each image.</param>
    public RefilledCoreset(ProxyRows proxies, int[] centres, float squaredRadius, IEnumerable<int> images, int rowsPerImage)
    {
        (_proxies, _squaredRadius, _rowsPerImage) = (proxies, squaredRadius, rowsPerImage);
        var search = new NearestNeighbourSearch(new MemoryBank(Coreset.ProxyWidth, [.. centres.SelectMany(row => proxies[row].ToArray())], centres));
        _open = [.. images.SelectMany(image => Distances(search, image).Index()
            .Where(d => d.Item > squaredRadius)
            .Select(d => ((image * rowsPerImage) + d.Index, d.Item)))];
    }

    /// <summary>The rows that become centres where all of the images but one are there, in the order they are chosen.</summary>
    /// <param name="image">The one.</param>
    /// <returns>Indices of the proxies' rows; none where the coreset covers the others.</returns>
    public int[] Without(int image)
    {
        var others = Array.FindAll(_open, o => o.Row / _rowsPerImage != image);
        var distances = Array.ConvertAll(others, o => o.Distance);
        return [.. FarthestFirst.Beyond(_squaredRadius, distances, (i, farthest) => SquaredDistance.Of(_proxies[others[i].Row], _proxies[others[farthest].Row])).Select(i => others[i].Row)];
    }

    /// <summary>Of an image's rows to the nearest centre each.</summary>
    private float[] Distances(NearestNeighbourSearch search, int image)
    {
        var values = new float[_rowsPerImage * Coreset.ProxyWidth];
        for (var row = 0; row < _rowsPerImage; row++)
        {
            _proxies[(image * _rowsPerImage) + row].CopyTo(values.AsSpan(row * Coreset.ProxyWidth));
        }

        using var rows = new PatchFeatures(1, _rowsPerImage, Coreset.ProxyWidth, values);
        return search.Score(rows, neighbours: 1)!;
    }
}
