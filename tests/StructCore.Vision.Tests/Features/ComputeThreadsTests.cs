using StructCore.Vision.Features;

namespace StructCore.Tests.Features;

public sealed class ComputeThreadsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("0-1 0-1 2-3 2-3", 4, 2)]
    [InlineData("0 1 2 3", 4, 4)]
    [InlineData("0 1 2 3", 2, 2)]
    [InlineData("", 6, 6)]
    public void Cores_OfATopology_AreThoseThatShareNothing(string siblings, int processors, int expected)
    {
        foreach (var (list, i) in siblings.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((s, i) => (s, i)))
        {
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(_folder[$"cpu{i}/topology"]).FullName, "thread_siblings_list"), list + "\n");
        }

        Directory.CreateDirectory(_folder["cpufreq"]);
        Assert.Equal(expected, ComputeThreads.Cores(_folder.Path, processors));
    }

    [Fact]
    public void Cores_NoTopology_AreTheProcessors() => Assert.Equal(3, ComputeThreads.Cores(_folder["nothing"], 3));
}
