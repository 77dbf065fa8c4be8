using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using StructCore.Vision.Features;
using StructCore.Vision.Imaging;

namespace StructCore.Vision.MemoryBanks;

/// <summary>Finds the category of an image by its patches (SPEC 5).</summary>
public static class BankRouter
{
    // A bank is immutable, so its packed form is made once and lives as long as the bank.
    private static readonly ConditionalWeakTable<RoutingBank, PackedRows> Packed = [];

    /// <summary>route(c) = mean over patches of min over prototypes of the squared L2 distance, for every bank; the category is its argmin.</summary>
    /// <param name="features">Patches z, [P, width], as extracted: they are normalised here.</param>
    /// <param name="banks">At least one, each category once.</param>
    /// <exception cref="ArgumentException">No bank, two of the same category, or a bank of another width.</exception>
    public static Route Route(PatchFeatures features, IReadOnlyList<RoutingBank> banks)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(banks);
        if (banks.Count == 0)
        {
            throw new ArgumentException("Routing needs at least one bank.", nameof(banks));
        }

        using var pooled = PooledShare<float>.Rent(features.Values.Length);
        var rows = pooled.Span;
        RoutingSpace.Normalise(features, rows);
        var distances = new SortedDictionary<string, float>(StringComparer.Ordinal);
        foreach (var bank in banks)
        {
            distances.Add(bank.Category, Distance(rows, features, bank));
        }

        // Ordinal order and a strict comparison: the first of equals wins.
        var best = distances.Aggregate((a, b) => b.Value < a.Value ? b : a);
        return new Route(best.Key, distances);
    }

    private static float Distance(ReadOnlySpan<float> rows, PatchFeatures features, RoutingBank bank)
    {
        if (bank.Width != features.Width)
        {
            throw new ArgumentException($"Routing prototypes of '{bank.Category}' are {bank.Width} wide, the features {features.Width}. Both must come from the same backbone.", nameof(bank));
        }

        var (distances, indices) = (new float[features.Rows], new int[features.Rows]);
        RoutingSpace.Nearest(rows, Packed.GetValue(bank, b => new PackedRows(b.Prototypes, b.Width)), distances, indices);
        return TensorPrimitives.Sum<float>(distances) / features.Rows;
    }
}
