using System.Numerics.Tensors;

namespace StructCore.Vision.MemoryBanks;

/// <summary>Greedy k-centre (SPEC 4) among a few candidates whose distances to the centres so far are known.</summary>
internal static class FarthestFirst
{
    /// <summary>The farthest candidate becomes a centre, as long as it lies beyond the radius; ties go to the first.</summary>
    /// <param name="radius">In the units of the distances.</param>
    /// <param name="distances">Of every candidate to its nearest centre; brought up to date here.</param>
    /// <param name="between">Distance of two candidates.</param>
    /// <returns>Places of the candidates that became centres, in their order.</returns>
    public static IReadOnlyList<int> Beyond(float radius, float[] distances, Func<int, int, float> between)
    {
        var chosen = new List<int>();
        while (distances.Length > 0 && TensorPrimitives.IndexOfMax<float>(distances) is var farthest && distances[farthest] > radius)
        {
            chosen.Add(farthest);
            for (var i = 0; i < distances.Length; i++)
            {
                distances[i] = Math.Min(distances[i], between(i, farthest));
            }
        }

        return chosen;
    }
}
