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
    public async Task Extract_OthersFlood_CalmCallerWaitsForOneTurnOfEachAtMost()
    {
        var extractor = new FakeExtractor();
        var entered = new List<byte>();
        using var begun = new SemaphoreSlim(0);
        using var go = new SemaphoreSlim(0);
        extractor.During = frame =>
        {
            entered.Add(frame.Pixels[2]);
            begun.Release();
            go.Wait();
        };
        var shared = new SharedExtractor(extractor);
        using var enough = new CancellationTokenSource();

        // As stations do: one request at a time, here with the next one at once.
        async Task FloodAsync(int station)
        {
            while (!enough.IsCancellationRequested)
            {
                await shared.ExtractAsync(Frame(station), FrameMode.FullFrame, CancellationToken.None);
            }
        }

        var floods = Task.WhenAll(FloodAsync(1), FloodAsync(2));
        for (var round = 0; round < 50; round++)
        {
            await begun.WaitAsync();
            var asked = entered.Count;
            var calm = shared.ExtractAsync(Frame(0), FrameMode.FullFrame, CancellationToken.None);
            do
            {
                go.Release();
                await begun.WaitAsync();
            }
            while (entered[^1] != 0);

            Assert.InRange(entered.Count - asked, 1, 2);
            go.Release();
            await calm;
        }

        await enough.CancelAsync();
        go.Release(10);
        await floods;
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
