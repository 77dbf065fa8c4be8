namespace StructCore.Vision.MemoryBanks;

/// <summary>Says cheaply how far rows lie at most from new centres, such as a GPU does for all rows at once; what decides is still measured here.</summary>
public abstract class CentreBounds : IDisposable
{
    /// <summary>Lowers what is known of every row's distance to its nearest centre.</summary>
    /// <param name="centres">Rows that became centres, as indices of the proxies.</param>
    /// <param name="nearest">Squared distances, one per row, no smaller than the true one; stay where they are smaller than what is found now.</param>
    public abstract void Lower(ReadOnlySpan<int> centres, Span<float> nearest);

    /// <summary>Frees what it holds.</summary>
    public abstract void Dispose();
}
