namespace StructCore.Vision.MemoryBanks;

/// <summary>How many patches a memory bank keeps (SPEC 4).</summary>
public static class Coreset
{
    /// <summary>Seed of the proxy projection W'.</summary>
    public const ulong ProxySeed = 43;

    /// <summary>Width of a proxy row.</summary>
    public const int ProxyWidth = 128;

    /// <summary>n = min(T, max(floor(p·T), k + 1)).</summary>
    /// <param name="patches">T, patches of all normal images.</param>
    /// <param name="ratio">p, above 0 up to 1.</param>
    /// <param name="neighbours">k.</param>
    public static int Size(int patches, double ratio, int neighbours)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(patches);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ratio);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ratio, 1);
        return Math.Min(patches, Math.Max((int)Math.Floor(ratio * patches), neighbours + 1));
    }
}
