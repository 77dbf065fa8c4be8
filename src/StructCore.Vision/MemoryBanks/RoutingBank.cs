using System.Numerics.Tensors;

namespace StructCore.Vision.MemoryBanks;

/// <summary>Prototypes R_c of one category in routing space (SPEC 5): [rows, width], row-major, each of unit length.</summary>
/// <remarks>Immutable snapshot and owner of its memory; safe to read from any thread.</remarks>
public sealed class RoutingBank
{
    private readonly float[] _prototypes;

    /// <summary>Takes ownership of <paramref name="prototypes"/>, [rows, width].</summary>
    /// <exception cref="ArgumentException">No row, or not a whole number of rows.</exception>
    public RoutingBank(string category, int width, float[] prototypes)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(category);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentNullException.ThrowIfNull(prototypes);
        if (prototypes.Length == 0 || prototypes.Length % width != 0)
        {
            throw new ArgumentException($"Routing prototypes of '{category}' must be whole rows of {width} values, got {prototypes.Length} values.", nameof(prototypes));
        }

        (Category, Width, _prototypes) = (category, width, prototypes);
        Spacing = Rows == 1 ? 0 : Enumerable.Range(0, Rows).Average(SquaredDistanceToNearest);
    }

    /// <summary>The category these prototypes stand for.</summary>
    public string Category { get; }

    /// <summary>Values per prototype, D.</summary>
    public int Width { get; }

    /// <summary>Number of prototypes, K_r = 64 where the category has as many distinct patches.</summary>
    public int Rows => _prototypes.Length / Width;

    /// <summary>Mean over the prototypes of the squared L2 distance to the nearest other, 0 to 4; 0 where there is only one.</summary>
    public double Spacing { get; }

    /// <summary>All prototypes, [rows, width].</summary>
    public ReadOnlySpan<float> Prototypes => _prototypes;

    private double SquaredDistanceToNearest(int row) =>
        Math.Pow(Enumerable.Range(0, Rows).Where(other => other != row).Min(other => TensorPrimitives.Distance(Row(row), Row(other))), 2);

    private ReadOnlySpan<float> Row(int row) => _prototypes.AsSpan(row * Width, Width);
}
