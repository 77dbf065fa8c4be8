using StructCore.Edge.BankUpdates.Packages;

namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>Whether a bank can be read beside those that are in use, asked before anything of it is read.</summary>
/// <param name="freeBytes">What this process may take yet.</param>
internal sealed class MemoryCheck(Func<long> freeBytes)
{
    /// <summary>Bytes of memory for each byte of a bank's rows: as they come from the file, as they stay, and packed for the search; at most, since processors with 8-bit products pack them closer.</summary>
    public const double BytesPerRowByte = 3.05;

    // What lies beside the rows, and what goes on working meanwhile.
    private const long Reserve = 64 << 20;

    public MemoryCheck()
        : this(FreeBytes)
    {
    }

    /// <exception cref="UpdateRefusedException">It needs more than there is.</exception>
    public void Require(ReleaseManifest release)
    {
        var needed = (release.Files.Sum(f => (double)f.Bytes) * BytesPerRowByte) + Reserve;
        var free = freeBytes();
        if (needed > free)
        {
            throw new UpdateRefusedException(UpdateRefusal.TooMuchMemory,
                $"bank '{release.Id}' needs {needed / 1e6:F0} MB of memory beside the banks in use, {free / 1e6:F0} MB are free. Fit it with a smaller coreset, or give this machine, or the service's MemoryMax, more.");
        }
    }

    // As of now, the container's limit and other programs included: a young collection takes a moment and looks at them.
    private static long FreeBytes()
    {
        GC.Collect(0);
        var memory = GC.GetGCMemoryInfo();
        return memory.TotalAvailableMemoryBytes - Math.Max(memory.MemoryLoadBytes, Environment.WorkingSet);
    }
}
