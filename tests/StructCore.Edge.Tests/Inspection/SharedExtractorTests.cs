using StructCore.Edge.Inspection;
using StructCore.Tests.Fakes;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Inspection;

public sealed class SharedExtractorTests
{
    [Fact]
    public async Task Extract_SeveralCallers_AreServedOneAtATimeInTheirOrder()
    {
        var extractor = new FakeExtractor();
        using var go = new SemaphoreSlim(0);
        var served = new List<byte>();
        var running = 0;
        extractor.During = frame =>
        {
            Assert.Equal(1, Interlocked.Increment(ref running));
            go.Wait();
            served.Add(frame.Pixels[2]);
            Interlocked.Decrement(ref running);
        };
        var shared = new SharedExtractor(extractor);
        var calls = Enumerable.Range(0, 20).Select(i => shared.ExtractAsync(Frame(i), FrameMode.FullFrame, CancellationToken.None)).ToArray();
        go.Release(20);
        await Task.WhenAll(calls);

        Assert.Equal(Enumerable.Range(0, 20).Select(i => (byte)i), served);
    }

    [Fact]
    public async Task Extract_CallerThatGivesUpWaiting_LetsTheNextPass()
    {
        var extractor = new FakeExtractor();
        using var go = new SemaphoreSlim(0);
        extractor.During = _ => go.Wait();
        var shared = new SharedExtractor(extractor);
        using var cancelled = new CancellationTokenSource();
        var first = shared.ExtractAsync(Frame(0), FrameMode.FullFrame, CancellationToken.None);
        var second = shared.ExtractAsync(Frame(1), FrameMode.FullFrame, cancelled.Token);
        var third = shared.ExtractAsync(Frame(2), FrameMode.FullFrame, CancellationToken.None);
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.False(third.IsCompleted);
        go.Release(2);
        await Task.WhenAll(first, third);
    }

    private static RgbImage Frame(int number) => new(1, 1, [0, 0, (byte)number]);
}
