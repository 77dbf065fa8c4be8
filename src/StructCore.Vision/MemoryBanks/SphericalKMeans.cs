using System.Numerics.Tensors;
using StructCore.Vision.Features;

namespace StructCore.Vision.MemoryBanks;

/// <summary>The prototypes of a routing bank: spherical k-means with k-means++ seeding (SPEC 5).</summary>
public static unsafe class SphericalKMeans
{
    /// <summary>K_r, prototypes per category.</summary>
    public const int DefaultPrototypes = 64;

    /// <summary>Most patches the prototypes are learned from.</summary>
    public const int MaximumPatches = 20_000;

    private const int MaximumRounds = 25;
    private const ulong Seed = 42;
    private const int RowsPerPart = 512;

    /// <summary>Index of patch <paramref name="i"/> of the sample taken evenly from <paramref name="total"/>: floor(i·T/20000), or i where there are no more than that.</summary>
    public static int SampleRow(int i, int total) => total <= MaximumPatches ? i : (int)((long)i * total / MaximumPatches);

    /// <summary>Learns the prototypes of a category.</summary>
    /// <param name="category">Its name.</param>
    /// <param name="features">Patch features, [count, width]; normalised in place.</param>
    /// <param name="width">Values per row.</param>
    public static RoutingBank Fit(string category, Span<float> features, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        for (var row = 0; row * width < features.Length; row++)
        {
            RoutingSpace.Normalise(features.Slice(row * width, width));
        }

        return new RoutingBank(category, width, Cluster(features, width));
    }

    /// <summary>Clusters rows of unit length.</summary>
    /// <param name="rows">[count, width], each of unit length.</param>
    /// <param name="width">Values per row.</param>
    /// <param name="clusters">K_r; fewer where there are fewer rows.</param>
    /// <returns>Prototypes of unit length, [min(clusters, count), width].</returns>
    public static float[] Cluster(ReadOnlySpan<float> rows, int width, int clusters = DefaultPrototypes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(clusters);
        ArgumentOutOfRangeException.ThrowIfZero(rows.Length);
        var count = rows.Length / width;
        clusters = Math.Min(clusters, count);
        var centres = SeedCentres(rows, width, count, clusters);
        var (distances, assigned, previous) = (new float[count], new int[count], new int[count]);
        for (var round = 0; round < MaximumRounds; round++)
        {
            AssignCentres(rows, width, centres, distances, assigned);
            if (round > 0 && assigned.AsSpan().SequenceEqual(previous))
            {
                break;
            }

            assigned.CopyTo(previous, 0);
            MoveCentres(rows, width, centres, assigned, distances);
        }

        return centres;
    }

    /// <summary>k-means++: the first centre uniformly, each next one with a probability in proportion to its squared distance to the nearest so far.</summary>
    private static float[] SeedCentres(ReadOnlySpan<float> rows, int width, int count, int clusters)
    {
        var generator = new SplitMix64(Seed);
        var centres = new float[clusters * width];
        var nearest = new float[count];
        Array.Fill(nearest, float.PositiveInfinity);
        var chosen = (int)(generator.Next() % (ulong)count);
        for (var c = 0; c < clusters; c++)
        {
            var centre = rows.Slice(chosen * width, width);
            centre.CopyTo(centres.AsSpan(c * width));
            MeetCentre(rows, width, centre, nearest);
            var total = 0d;
            foreach (var distance in nearest)
            {
                total += distance;
            }

            // 53 bits of a draw make a uniform double in [0, 1).
            chosen = Draw(nearest, total * ((generator.Next() >> 11) * (1.0 / (1UL << 53))));
        }

        return centres;
    }

    private static void MeetCentre(ReadOnlySpan<float> rows, int width, ReadOnlySpan<float> centre, float[] nearest)
    {
        fixed (float* first = rows, other = centre)
        {
            var (all, one) = ((nint)first, (nint)other);
            InParts(nearest.Length, (from, count) =>
            {
                for (var row = from; row < from + count; row++)
                {
                    var distance = TensorPrimitives.Distance(RowsAt(all, row, 1, width), RowsAt(one, 0, 1, width));
                    nearest[row] = Math.Min(nearest[row], distance * distance);
                }
            });
        }
    }

    private static void AssignCentres(ReadOnlySpan<float> rows, int width, float[] centres, float[] distances, int[] assigned)
    {
        var packed = new PackedPrototypes(centres, width);
        fixed (float* first = rows)
        {
            var all = (nint)first;
            InParts(assigned.Length, (from, count) =>
                RoutingSpace.Nearest(RowsAt(all, from, count, width), packed, distances.AsSpan(from, count), assigned.AsSpan(from, count)));
        }
    }

    /// <summary>Every row on its own, so that the number of cores changes nothing.</summary>
    private static void InParts(int rows, Action<int, int> work) =>
        Parallel.For(0, (rows + RowsPerPart - 1) / RowsPerPart, part => work(part * RowsPerPart, Math.Min(RowsPerPart, rows - (part * RowsPerPart))));

    private static ReadOnlySpan<float> RowsAt(nint rows, int first, int count, int width) => new((float*)rows + ((long)first * width), count * width);

    private static int Draw(float[] weights, double target)
    {
        for (var i = 0; i < weights.Length; i++)
        {
            target -= weights[i];
            if (target < 0)
            {
                return i;
            }
        }

        return TensorPrimitives.IndexOfMax<float>(weights);
    }

    private static void MoveCentres(ReadOnlySpan<float> rows, int width, float[] centres, int[] assigned, float[] distances)
    {
        var sizes = new int[centres.Length / width];
        Array.Clear(centres);
        for (var row = 0; row < assigned.Length; row++)
        {
            var centre = centres.AsSpan(assigned[row] * width, width);
            TensorPrimitives.Add(centre, rows.Slice(row * width, width), centre);
            sizes[assigned[row]]++;
        }

        for (var c = 0; c < sizes.Length; c++)
        {
            var centre = centres.AsSpan(c * width, width);
            if (sizes[c] == 0)
            {
                // An empty cluster starts again at the farthest patch, which no other empty cluster may take.
                var farthest = TensorPrimitives.IndexOfMax<float>(distances);
                distances[farthest] = -1;
                rows.Slice(farthest * width, width).CopyTo(centre);
            }

            RoutingSpace.Normalise(centre);
        }
    }
}
