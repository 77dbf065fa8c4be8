using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using StructCore.Vision.Features;

namespace StructCore.Vision.MemoryBanks;

/// <summary>Finds the category of an image by its patches (SPEC 5).</summary>
public static class BankRouter
{
    // A bank is immutable, so its packed form is made once and lives as long as the bank.
    private static readonly ConditionalWeakTable<RoutingBank, PackedPrototypes> Packed = [];

    /// <summary>route(c) = mean over patches of min over prototypes of the squared L2 distance, for every bank; the category is its argmin. cover(c) beside it.</summary>
    /// <param name="features">Patches z, [P, width], of any length: what is compared is their direction.</param>
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

        if (banks.FirstOrDefault(b => b.Width != features.Width) is { } other)
        {
            throw new ArgumentException($"Routing prototypes of '{other.Category}' are {other.Width} wide, the features {features.Width}. Both must come from the same backbone.", nameof(banks));
        }

        var values = new (float Route, float Cover)[banks.Count];
        Parallel.For(0, banks.Count, ComputeThreads.Parallel, i => values[i] = Measure(features, banks[i]));
        var (distances, covers) = (new SortedDictionary<string, float>(StringComparer.Ordinal), new SortedDictionary<string, float>(StringComparer.Ordinal));
        for (var i = 0; i < banks.Count; i++)
        {
            distances.Add(banks[i].Category, values[i].Route);
            covers.Add(banks[i].Category, values[i].Cover);
        }

        // Ordinal order and a strict comparison: the first of equals wins.
        var best = distances.Aggregate((a, b) => b.Value < a.Value ? b : a);
        return new Route(best.Key, distances, covers);
    }

    /// <summary>route(c) and cover(c) of one bank, of the same width.</summary>
    internal static (float Route, float Cover) Measure(PatchFeatures features, RoutingBank bank)
    {
        var prototypes = Packed.GetValue(bank, b => new PackedPrototypes(b.Prototypes, b.Width));
        var (distances, indices, covers) = (new float[features.Rows], new int[features.Rows], new float[prototypes.Panels * PackedRows.Lanes]);
        RoutingSpace.Nearest(features.Values, prototypes, distances, indices, covers);
        return (TensorPrimitives.Sum<float>(distances) / features.Rows, TensorPrimitives.Sum<float>(covers.AsSpan(0, bank.Rows)) / bank.Rows);
    }
}
