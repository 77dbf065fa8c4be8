namespace StructCore.Edge.BankUpdates.Delivery;

/// <summary>How a package is cut into retained messages: pieces of one size, the last one shorter.</summary>
internal static class PackageChunks
{
    /// <summary>Of each chunk but the last.</summary>
    public const int Bytes = 64 * 1024;

    public static int Count(long packageBytes) => checked((int)((packageBytes + Bytes - 1) / Bytes));

    /// <summary>Length of chunk <paramref name="index"/>.</summary>
    public static int Length(long packageBytes, int index) => (int)Math.Min(Bytes, packageBytes - ((long)index * Bytes));
}
