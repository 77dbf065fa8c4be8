namespace StructCore.Vision.Features;

/// <summary>
/// How many threads of this process compute at a time. Chosen once, at the start, for ONNX Runtime and our own kernels alike: the stages of a
/// pass come one after the other, so that each may have all of them and none needs more.
/// </summary>
public static class ComputeThreads
{
    private const string Topology = "/sys/devices/system/cpu";

    private static volatile ParallelOptions _parallel = Of(0);

    /// <summary>The number chosen; one per physical core until then.</summary>
    public static int Count => _parallel.MaxDegreeOfParallelism;

    /// <summary>What bounds our own loops.</summary>
    internal static ParallelOptions Parallel => _parallel;

    /// <summary>Chooses; sessions and loops that begin later keep to it.</summary>
    /// <param name="count">0 or more; 0 is one per physical core: two threads that share a core's vector units only take turns.</param>
    public static void Choose(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        _parallel = Of(count);
    }

    /// <summary>Cores as Linux lists them; as many as there are processors where it does not say.</summary>
    /// <param name="topology">Folder of cpu0, cpu1 and so on.</param>
    /// <param name="processors">Processors this process may use.</param>
    internal static int Cores(string topology, int processors)
    {
        try
        {
            var siblings = Directory.EnumerateDirectories(topology, "cpu*")
                .Select(cpu => Path.Combine(cpu, "topology", "thread_siblings_list"))
                .Where(File.Exists)
                .Select(File.ReadAllText)
                .Distinct(StringComparer.Ordinal)
                .Count();
            return siblings == 0 ? processors : Math.Min(siblings, processors);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return processors;
        }
    }

    private static ParallelOptions Of(int count) => new() { MaxDegreeOfParallelism = count == 0 ? Cores(Topology, Environment.ProcessorCount) : count };
}
