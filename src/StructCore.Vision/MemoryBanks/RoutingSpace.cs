using System.Numerics.Tensors;

namespace StructCore.Vision.MemoryBanks;

/// <summary>Routing space (SPEC 5): rows of Z divided by their L2 norm, and the distance in it.</summary>
internal static unsafe class RoutingSpace
{
    // A row of zeros stays zero.
    private const float ShortestNorm = 1e-12f;

    public static void Normalise(Span<float> row) => TensorPrimitives.Divide(row, MathF.Max(TensorPrimitives.Norm<float>(row), ShortestNorm), row);

    /// <summary>
    /// For every row q of <paramref name="rows"/> [count, width], of any length: the nearest of <paramref name="prototypes"/> to q / |q| and its
    /// squared distance |q|²/|q|² - 2·p·q/|q| + |p|². All norms are about 1, so that little cancels, and no row need be copied.
    /// </summary>
    /// <param name="rows">[count, width].</param>
    /// <param name="prototypes">Of the same width.</param>
    /// <param name="distances">Receives those of the rows, [count].</param>
    /// <param name="indices">Receives their nearest prototypes, [count].</param>
    /// <param name="covers">Receives the squared distance of every prototype to its nearest row, one for each lane of the panels; empty where nobody asks.</param>
    public static void Nearest(ReadOnlySpan<float> rows, PackedPrototypes prototypes, Span<float> distances, Span<int> indices, Span<float> covers = default)
    {
        covers.Fill(float.PositiveInfinity);
        var (width, count) = (prototypes.Width, distances.Length);
        var products = stackalloc float[Tile.Size];
        var tail = count % Tile.Queries == 0 ? [] : new float[Tile.Queries * width];
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

                Nearest(queries, prototypes, products, distances.Slice(row, block), indices.Slice(row, block), covers);
            }
        }

        TensorPrimitives.Max(covers, 0, covers);
    }

    /// <summary>Of one tile of <paramref name="queries"/>, [8, width].</summary>
    private static void Nearest(float* queries, PackedPrototypes prototypes, float* products, Span<float> distances, Span<int> indices, Span<float> covers)
    {
        Span<float> squaredNorms = stackalloc float[Tile.Queries];
        Span<float> norms = stackalloc float[Tile.Queries];
        for (var q = 0; q < Tile.Queries; q++)
        {
            squaredNorms[q] = TensorPrimitives.SumOfSquares(new ReadOnlySpan<float>(queries + (q * prototypes.Width), prototypes.Width));
            norms[q] = MathF.Max(MathF.Sqrt(squaredNorms[q]), ShortestNorm);
        }

        distances.Fill(float.PositiveInfinity);
        for (var panel = 0; panel < prototypes.Panels; panel++)
        {
            Tile.Compute(queries, prototypes.Panel(panel), prototypes.Width, products);
            for (var q = 0; q < distances.Length; q++)
            {
                var lanes = new Span<float>(products + (q * PackedRows.Lanes), PackedRows.Lanes);
                TensorPrimitives.MultiplyAdd(lanes, -2 / norms[q], prototypes.SquaredNorms(panel), lanes);
                var nearest = TensorPrimitives.IndexOfMin<float>(lanes);
                if (!(lanes[nearest] >= distances[q]))
                {
                    (distances[q], indices[q]) = (lanes[nearest], (panel * PackedRows.Lanes) + nearest);
                }

                if (!covers.IsEmpty)
                {
                    var cover = covers.Slice(panel * PackedRows.Lanes, PackedRows.Lanes);
                    TensorPrimitives.Add(lanes, squaredNorms[q] / (norms[q] * norms[q]), lanes);
                    TensorPrimitives.Min(cover, lanes, cover);
                }
            }
        }

        for (var q = 0; q < distances.Length; q++)
        {
            distances[q] = MathF.Max(0, distances[q] + (squaredNorms[q] / (norms[q] * norms[q])));
        }
    }
}
