using StructCore.Vision.Features;

namespace StructCore.Tests.Features;

public sealed class SharedPassesTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Run_WhileAPassIsUnderWay_SharesTheNextOne()
    {
        using var begun = new SemaphoreSlim(0);
        using var go = new ManualResetEventSlim();
        var sizes = new List<int>();
        var passes = new SharedPasses(3, images =>
        {
            sizes.Add(images.Count);
            begun.Release();
            go.Wait(Patience);
            return [.. images.Select(Echo)];
        });
        var first = Begin(passes, 0);
        Assert.True(await begun.WaitAsync(Patience));
        var others = Enumerable.Range(1, 5).Select(i => Begin(passes, i)).ToArray();
        SpinWait.SpinUntil(() => passes.Waiting == 5, Patience);
        go.Set();

        var all = await Task.WhenAll([first, .. others]).WaitAsync(Patience);

        Assert.Equal(Enumerable.Range(0, 6).Select(i => (float)i), all.Select(f => f.Values[0]));
        Assert.Equal([1, 3, 2], sizes);
    }

    [Fact]
    public async Task Run_PassFails_FailsForAllOfItAndForNobodyAfter()
    {
        using var begun = new SemaphoreSlim(0);
        using var go = new ManualResetEventSlim();
        var passes = new SharedPasses(8, images =>
        {
            begun.Release();
            go.Wait(Patience);
            return images.Count > 1 ? throw new InvalidOperationException("out of memory") : [.. images.Select(Echo)];
        });
        var first = Begin(passes, 0);
        Assert.True(await begun.WaitAsync(Patience));
        var others = Enumerable.Range(1, 2).Select(i => Begin(passes, i)).ToArray();
        SpinWait.SpinUntil(() => passes.Waiting == 2, Patience);
        go.Set();

        foreach (var other in others)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => other.WaitAsync(Patience));
        }

        Assert.Equal(0, (await first).Values[0]);
        Assert.Equal(7, passes.Run(new float[] { 7 }).Values[0]);
    }

    // A thread of its own: a waiting one must not keep the pool's from the others.
    private static Task<PatchFeatures> Begin(SharedPasses passes, int image) =>
        Task.Factory.StartNew(() => passes.Run(new float[] { image }), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static PatchFeatures Echo(ReadOnlyMemory<float> pixels) => new(1, 1, 1, pixels.ToArray());
}
