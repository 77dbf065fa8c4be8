using System.Runtime.Intrinsics;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Vision.ZeroShot;

/// <summary>
/// The nearest patches between two images, both ways from one pass over the products: |a|² + |b|² - 2·a·b ranks, and the
/// winners' distances are then taken as sums of squared differences, so that no cancellation is left in them.
/// </summary>
/// <remarks>For one thread; it holds one image of the pair, which many others are then matched with.</remarks>
internal sealed unsafe class PatchMatcher
{
    private readonly PackedRows _packed;
    private readonly AlignedArray<float> _packedNorms;
    private readonly AlignedArray<float> _best;
    private readonly AlignedArray<int> _bestRow;
    private readonly AlignedArray<float> _sums = new(Tile.Size);

    public PatchMatcher(int patches, int width)
    {
        Tokens = new ImageTokens(patches, width);
        _packed = new PackedRows(patches, width);
        _packedNorms = new AlignedArray<float>(_packed.Panels * PackedRows.Lanes);
        _packedNorms.Span.Fill(float.PositiveInfinity);

        // Per row of the other image, the best of every eighth row of this one.
        _best = new AlignedArray<float>(Tokens.Tiles * Tile.Queries * 8);
        _bestRow = new AlignedArray<int>(_best.Length);
    }

    /// <summary>The image held; <see cref="Pack"/> follows when it is written.</summary>
    public ImageTokens Tokens { get; }

    public void Pack()
    {
        Tokens.Measure();
        Tokens.SquaredNorms.CopyTo(_packedNorms.Span);
        for (var patch = 0; patch < Tokens.Patches; patch++)
        {
            _packed.Set(patch, Tokens.Row(patch));
        }
    }

    /// <summary>Squared distances of each patch of <paramref name="other"/> to its nearest here, and of each here to its nearest there; [patches] each.</summary>
    public void Match(ImageTokens other, Span<float> fromOther, Span<float> fromHere)
    {
        _best.Span.Fill(float.PositiveInfinity);
        _bestRow.Span.Clear();
        Span<int> nearestThere = stackalloc int[PackedRows.Lanes];
        for (var panel = 0; panel < _packed.Panels; panel++)
        {
            MatchPanel(other, panel, nearestThere);
            var first = panel * PackedRows.Lanes;
            for (var lane = 0; lane < PackedRows.Lanes && first + lane < Tokens.Patches; lane++)
            {
                fromHere[first + lane] = SquaredDistance.Of(Tokens.Row(first + lane), other.Row(nearestThere[lane]));
            }
        }

        for (var patch = 0; patch < other.Patches; patch++)
        {
            fromOther[patch] = SquaredDistance.Of(other.Row(patch), Tokens.Row(NearestHere(patch)));
        }
    }

    private void MatchPanel(ImageTokens other, int panel, Span<int> nearestThere)
    {
        var (best0, best1, best2, best3) = (Vector256.Create(float.PositiveInfinity), Vector256.Create(float.PositiveInfinity), Vector256.Create(float.PositiveInfinity), Vector256.Create(float.PositiveInfinity));
        Vector256<int> row0 = default, row1 = default, row2 = default, row3 = default;
        var norms = _packedNorms.Pointer + (panel * PackedRows.Lanes);
        var (norm0, norm1, norm2, norm3) = (Vector256.Load(norms), Vector256.Load(norms + 8), Vector256.Load(norms + 16), Vector256.Load(norms + 24));
        var lane0 = Vector256.CreateSequence(panel * PackedRows.Lanes, 1);
        var eight = Vector256.Create(8);
        var (lane1, lane2, lane3) = (lane0 + eight, lane0 + eight + eight, lane0 + eight + eight + eight);
        var rows = _packed.Panel(panel);
        for (var tile = 0; tile < other.Tiles; tile++)
        {
            Tile.Compute(other.TileRows(tile), rows, Tokens.Width, _sums.Pointer);
            var otherNorms = other.TileNorms(tile);
            for (var q = 0; q < Tile.Queries; q++)
            {
                var sums = _sums.Pointer + (q * PackedRows.Lanes);
                var index = (tile * Tile.Queries) + q;
                var (norm, row) = (Vector256.Create(otherNorms[q]), Vector256.Create(index));
                var (d0, d1) = (Distance(norm, norm0, sums), Distance(norm, norm1, sums + 8));
                var (d2, d3) = (Distance(norm, norm2, sums + 16), Distance(norm, norm3, sums + 24));
                Keep(d0, row, ref best0, ref row0);
                Keep(d1, row, ref best1, ref row1);
                Keep(d2, row, ref best2, ref row2);
                Keep(d3, row, ref best3, ref row3);
                var best = Vector256.Load(_best.Pointer + (index * 8));
                var bestRow = Vector256.Load(_bestRow.Pointer + (index * 8));
                Keep(d0, lane0, ref best, ref bestRow);
                Keep(d1, lane1, ref best, ref bestRow);
                Keep(d2, lane2, ref best, ref bestRow);
                Keep(d3, lane3, ref best, ref bestRow);
                best.Store(_best.Pointer + (index * 8));
                bestRow.Store(_bestRow.Pointer + (index * 8));
            }
        }

        row0.CopyTo(nearestThere);
        row1.CopyTo(nearestThere[8..]);
        row2.CopyTo(nearestThere[16..]);
        row3.CopyTo(nearestThere[24..]);
    }

    private static Vector256<float> Distance(Vector256<float> norm, Vector256<float> norms, float* sums) => Vector256.MultiplyAddEstimate(Vector256.Create(-2f), Vector256.Load(sums), norm + norms);

    private static void Keep(Vector256<float> distance, Vector256<int> row, ref Vector256<float> best, ref Vector256<int> bestRow)
    {
        var nearer = Vector256.LessThan(distance, best);
        best = Vector256.ConditionalSelect(nearer, distance, best);
        bestRow = Vector256.ConditionalSelect(nearer.AsInt32(), row, bestRow);
    }

    private int NearestHere(int patch)
    {
        var best = _best.Span.Slice(patch * 8, 8);
        var nearest = 0;
        for (var i = 1; i < best.Length; i++)
        {
            nearest = best[i] < best[nearest] ? i : nearest;
        }

        return _bestRow.Span[(patch * 8) + nearest];
    }
}
