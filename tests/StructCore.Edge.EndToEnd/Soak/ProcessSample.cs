using System.Globalization;

namespace StructCore.Tests.Soak;

/// <summary>What a process holds at one moment, as Linux counts it.</summary>
/// <param name="At">Since the triggers began.</param>
/// <param name="ResidentMegabytes">Rss.</param>
/// <param name="AnonymousMegabytes">Without what only mirrors files and can be dropped: where a leak shows.</param>
internal sealed record ProcessSample(TimeSpan At, double ResidentMegabytes, double AnonymousMegabytes, int Handles, int Threads, long Outbox)
{
    public static ProcessSample Take(int process, TimeSpan at, long outbox)
    {
        var memory = File.ReadLines($"/proc/{process}/smaps_rollup").ToArray();
        return new(at, Megabytes(memory, "Rss:"), Megabytes(memory, "Anonymous:"), Directory.GetFileSystemEntries($"/proc/{process}/fd").Length, Directory.GetDirectories($"/proc/{process}/task").Length, outbox);
    }

    private static double Megabytes(IEnumerable<string> lines, string name) =>
        double.Parse(lines.First(l => l.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
}
