using System.Numerics.Tensors;
using StructCore.Vision.Features;

namespace StructCore.Vision.MemoryBanks;

/// <summary>Routing space (SPEC 5): rows of Z divided by their L2 norm, and the distance in it.</summary>
internal static unsafe class RoutingSpace
{
    /// <summary>Rows of unit length into <paramref name="rows"/>, [rows, width]; a row of zeros stays zero.</summary>
    public static void Normalise(PatchFeatures features, Span<float> rows)
    {
        features.Values.CopyTo(rows);
        for (var row = 0; row < features.Rows; row++)
        {
            Normalise(rows.Slice(row * features.Width, features.Width));
        }
    }

    public static void Normalise(Span<float> row) => TensorPrimitives.Divide(row, MathF.Max(TensorPrimitives.Norm<float>(row), 1e-12f), row);

    /// <summary>For every row of <paramref name="rows"/> [count, width]: the nearest of <paramref name="prototypes"/> and its squared distance.</summary>
    public static void Nearest(ReadOnlySpan<float> rows, PackedRows prototypes, Span<float> distances, Span<int> indices)
    {
        var (width, count) = (prototypes.Width, distances.Length);
        var sums = stackalloc float[Tile.Size];
        var tail = new float[Tile.Queries * width];
        fixed (float* all = rows, last = tail)
        {
            for (var row = 0; row < count; row += Tile.Queries)
            {
                var queries = all + ((long)row * width);
                var block = Math.Min(Tile.Queries, count - row);
                if (block < Tile.Queries)
                {
                    rows.Slice(row * width, block * width).CopyTo(tail);
                    queries = last;
                }

                distances.Slice(row, block).Fill(float.PositiveInfinity);
                for (var panel = 0; panel < prototypes.Panels; panel++)
                {
                    Tile.Compute<SquaredDifferenceStep>(queries, prototypes.Panel(panel), width, sums);
                    for (var q = 0; q < block; q++)
                    {
                        var lanes = new ReadOnlySpan<float>(sums + (q * PackedRows.Lanes), PackedRows.Lanes);
                        var nearest = TensorPrimitives.IndexOfMin(lanes);
                        if (!(lanes[nearest] >= distances[row + q]))
                        {
                            (distances[row + q], indices[row + q]) = (lanes[nearest], (panel * PackedRows.Lanes) + nearest);
                        }
                    }
                }
            }
        }
    }
}
