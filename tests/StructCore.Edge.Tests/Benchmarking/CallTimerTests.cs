using StructCore.Edge.Benchmarking;
using StructCore.Tests.Fakes;

namespace StructCore.Tests.Benchmarking;

public sealed class CallTimerTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Measure_CallsOfKnownLength_GivesMedianP99AndRate()
    {
        // The first two only warm up; of the hundred that count, one is slow.
        var row = new CallTimer(_time, TimeSpan.FromTicks(1), 100).Measure("stage", 4, call => _time.Advance(TimeSpan.FromMilliseconds(call == 50 ? 90 : 20)), CancellationToken.None);

        Assert.Equal(("stage", 4, 100, 20d, 20d, 200d), (row.Stage, row.Batch, row.Calls, row.MedianMs, row.P99Ms, row.ImagesPerSecond));
    }

    [Fact]
    public void Measure_FewCalls_GivesTheSlowestAsP99()
    {
        var row = new CallTimer(_time, TimeSpan.FromTicks(1), 3).Measure("stage", 1, call => _time.Advance(TimeSpan.FromMilliseconds(1 + call)), CancellationToken.None);

        Assert.Equal((3, 2d, 3d), (row.Calls, row.MedianMs, row.P99Ms));
    }

    [Fact]
    public void Measure_ShortCalls_GoesOnUntilTheTimeIsOver()
    {
        var row = new CallTimer(_time, TimeSpan.FromSeconds(1), 3).Measure("stage", 1, _ => _time.Advance(TimeSpan.FromMilliseconds(10)), CancellationToken.None);

        Assert.Equal(100, row.Calls);
    }

    [Fact]
    public void Measure_WorkThatAllocates_CountsItPerImage()
    {
        var kept = new List<byte[]>(1000);
        var row = new CallTimer(_time, TimeSpan.FromTicks(1), 64).Measure("stage", 2, _ =>
        {
            kept.Add(new byte[20_000]);
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }, CancellationToken.None);

        // Other tests allocate meanwhile: at least what this one did.
        Assert.True(row.AllocatedBytesPerImage >= 10_000, $"{row.AllocatedBytesPerImage}");
    }
}
