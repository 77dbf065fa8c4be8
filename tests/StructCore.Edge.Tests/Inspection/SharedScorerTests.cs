using StructCore.Edge.Inspection;
using StructCore.Tests.Fakes;
using StructCore.Vision.Imaging;
using StructCore.Vision.Inference;

namespace StructCore.Tests.Inspection;

public sealed class SharedScorerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly BankSet _banks;

    public SharedScorerTests()
    {
        var extractor = new FakeExtractor();
        _banks = BankSet.Create([extractor.Bank("cap", FakeExtractor.Cap)], extractor.Backbone);
    }

    [Fact]
    public async Task Score_SeveralCallers_AreServedOneAtATimeInTheirOrder()
    {
        var (scorer, running) = (new GatedScorer(1, _time), 0);
        using var go = new SemaphoreSlim(0);
        scorer.During = (_, _) =>
        {
            Assert.Equal(1, Interlocked.Increment(ref running));
            go.Wait();
            Interlocked.Decrement(ref running);
        };
        var shared = Share(scorer);
        var calls = Enumerable.Range(0, 20).Select(i => ScoreAsync(shared, i)).ToArray();
        go.Release(20);
        await Task.WhenAll(calls);

        Assert.Equal(Enumerable.Range(0, 20).Select(i => new[] { (byte)i }), scorer.Passes);
    }

    [Fact]
    public async Task Score_OthersFlood_CalmCallerWaitsForOneTurnOfEachAtMost()
    {
        var scorer = new GatedScorer(1, _time);
        using var begun = new SemaphoreSlim(0);
        using var go = new SemaphoreSlim(0);
        scorer.During = (_, _) =>
        {
            begun.Release();
            go.Wait();
        };
        var shared = Share(scorer);
        using var enough = new CancellationTokenSource();

        // As stations do: one request at a time, here with the next one at once.
        async Task FloodAsync(int station)
        {
            while (!enough.IsCancellationRequested)
            {
                await ScoreAsync(shared, station);
            }
        }

        var floods = Task.WhenAll(FloodAsync(1), FloodAsync(2));
        for (var round = 0; round < 50; round++)
        {
            await begun.WaitAsync();
            var asked = scorer.Passes.Count;
            var calm = ScoreAsync(shared, 0);
            do
            {
                go.Release();
                await begun.WaitAsync();
            }
            while (scorer.Passes.Last()[0] != 0);

            Assert.InRange(scorer.Passes.Count - asked, 1, 2);
            go.Release();
            await calm;
        }

        await enough.CancelAsync();
        go.Release(10);
        await floods;
    }

    [Fact]
    public async Task Score_ArrivedTogether_ShareOnePassUpToTheSize()
    {
        using var busy = new Busy(4, _time);
        var shared = Share(busy.Scorer);
        var first = ScoreAsync(shared, 0);
        busy.Begun.Wait();
        var others = Enumerable.Range(1, 5).Select(i => ScoreAsync(shared, i, (byte)i)).ToArray();
        busy.Go.Release(3);
        await first;
        var scored = await Task.WhenAll(others);

        Assert.Equal([[0], [1, 2, 3, 4], [5]], busy.Scorer.Passes);
        Assert.Equal(Enumerable.Range(1, 5).Select(i => i * i / 100f), scored.Select(s => MathF.Round(s.Scored.Score.Hybrid, 4)));
    }

    [Fact]
    public async Task Score_WaitBound_TakesInWhoComesWithinIt()
    {
        var scorer = new GatedScorer(4, _time);
        var shared = Share(scorer, waitMs: 20);
        var waits = _time.WaitBegunAsync(TimeSpan.FromMilliseconds(20));
        var first = ScoreAsync(shared, 0);
        await waits.WaitAsync(Patience);
        waits = _time.WaitBegunAsync(TimeSpan.FromMilliseconds(5));
        _time.Advance(TimeSpan.FromMilliseconds(15));
        var second = ScoreAsync(shared, 1);
        await waits.WaitAsync(Patience);
        Assert.Empty(scorer.Passes);
        _time.Advance(TimeSpan.FromMilliseconds(5));
        await Task.WhenAll(first, second).WaitAsync(Patience);

        Assert.Equal([[0, 1]], scorer.Passes);
    }

    [Fact]
    public async Task Score_FullPass_WaitsForNobody()
    {
        var scorer = new GatedScorer(2, _time);
        var shared = Share(scorer, waitMs: 1000);
        await Task.WhenAll(ScoreAsync(shared, 0), ScoreAsync(shared, 1)).WaitAsync(Patience);

        Assert.Equal([[0, 1]], scorer.Passes);
    }

    [Fact]
    public async Task Score_DeadlineThatAPassOfTwoWouldMiss_GoesAlone()
    {
        using var busy = new Busy(2, _time, images => _time.Advance(TimeSpan.FromMilliseconds(images == 1 ? 100 : 180)));
        var shared = Share(busy.Scorer);
        busy.Go.Release(10);
        await ScoreAsync(shared, 0);
        await busy.HoldAsync(shared);
        var calls = new[] { ScoreAsync(shared, 1), ScoreAsync(shared, 2, leftMs: 240) };
        busy.Go.Release(10);
        await Task.WhenAll(calls);

        // 140 ms are left when the first one is through: enough for one, at once; the other may wait.
        Assert.Equal([[0], [Busy.Part], [2], [1]], busy.Scorer.Passes);
    }

    [Fact]
    public async Task Score_CallerThatGivesUpWaiting_LetsTheNextPass()
    {
        using var busy = new Busy(1, _time);
        using var cancelled = new CancellationTokenSource();
        var shared = Share(busy.Scorer);
        var first = ScoreAsync(shared, 0);
        var second = ScoreAsync(shared, 1, cancellationToken: cancelled.Token);
        var third = ScoreAsync(shared, 2);
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.False(third.IsCompleted);
        busy.Go.Release(2);
        await Task.WhenAll(first, third);
        Assert.Equal([[0], [2]], busy.Scorer.Passes);
    }

    [Fact]
    public async Task Score_OneOfAPassGivesUp_TheOthersAreScoredAndItsFeaturesGoBack()
    {
        using var busy = new Busy(2, _time);
        using var cancelled = new CancellationTokenSource();
        var shared = Share(busy.Scorer);
        await busy.HoldAsync(shared);
        var one = ScoreAsync(shared, 1, keepFeatures: true, cancellationToken: cancelled.Token);
        var other = ScoreAsync(shared, 2, keepFeatures: true);
        busy.Go.Release();
        busy.Begun.Wait();
        await cancelled.CancelAsync();
        busy.Go.Release();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);

        using var features = (await other).Features!;
        Assert.Equal([[Busy.Part], [1, 2]], busy.Scorer.Passes);
        Assert.False(busy.Token.IsCancellationRequested);
        Assert.NotEmpty(features.Values.ToArray());
        Assert.Throws<ObjectDisposedException>(() => busy.Scorer.Given.ElementAt(1).Features!.Values.Length);
    }

    [Fact]
    public async Task Score_AllOfAPassGiveUp_ThePassIsGivenUp()
    {
        using var cancelled = new CancellationTokenSource();
        using var busy = new Busy(2, _time);
        var shared = Share(busy.Scorer);
        await busy.HoldAsync(shared);
        var calls = Enumerable.Range(1, 2).Select(i => ScoreAsync(shared, i, cancellationToken: cancelled.Token)).ToArray();
        busy.Go.Release();
        busy.Begun.Wait();
        await cancelled.CancelAsync();

        Assert.True(busy.Token.IsCancellationRequested);
        Assert.All(calls, c => Assert.False(c.IsCompleted));
        busy.Go.Release(2);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calls[0]);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calls[1]);
        await ScoreAsync(shared, 3);
    }

    [Fact]
    public async Task Score_OneSpoilsThePass_OnlyItFails()
    {
        using var busy = new Busy(3, _time);
        var shared = Share(busy.Scorer);
        await busy.HoldAsync(shared);
        busy.Spoilt = 2;
        var calls = Enumerable.Range(1, 3).Select(i => ScoreAsync(shared, i)).ToArray();
        busy.Go.Release(10);

        Assert.Equal("out of memory", (await Assert.ThrowsAsync<InvalidOperationException>(() => calls[1])).Message);
        await calls[0];
        await calls[2];
        Assert.Equal([[Busy.Part], [1, 2, 3], [1], [2], [3]], busy.Scorer.Passes);
    }

    [Fact]
    public async Task Score_FeaturesOfOneAreNoNumbers_OnlyItFails()
    {
        using var busy = new Busy(2, _time);
        var shared = Share(busy.Scorer);
        await busy.HoldAsync(shared);
        var calls = new[] { ScoreAsync(shared, 1, FakeExtractor.Broken), ScoreAsync(shared, 2) };
        busy.Go.Release(10);
        var scored = await Task.WhenAll(calls);

        Assert.StartsWith("features_not_finite:", scored[0].Failure, StringComparison.Ordinal);
        Assert.Null(scored[1].Failure);
        Assert.Equal([[Busy.Part], [1, 2]], busy.Scorer.Passes);
    }

    [Fact]
    public async Task Score_FrameLetGoOfMeanwhile_IsScoredAllTheSame()
    {
        using var busy = new Busy(1, _time);
        var shared = Share(busy.Scorer);
        await busy.HoldAsync(shared);
        var frame = RgbImage.Rent(1, 1, out var pixels);
        new byte[] { FakeExtractor.Cap, 30, 7 }.CopyTo(pixels);
        var call = shared.ScoreAsync(new ImageToScore(frame, _banks), left: null, CancellationToken.None);
        frame.Dispose();
        RgbImage.Rent(1, 1, out pixels);
        pixels.Clear();
        busy.Go.Release(2);

        Assert.Equal(9, (await call).Scored.Score.Hybrid, 1e-4);
    }

    private SharedScorer Share(ImageScorer scorer, int waitMs = 0) => new(scorer, new ModelOptions { BatchWaitMs = waitMs }, _time);

    private Task<InspectedImage> ScoreAsync(SharedScorer shared, int number, byte deviation = 0, int? leftMs = null, bool keepFeatures = false, CancellationToken cancellationToken = default) =>
        shared.ScoreAsync(
            new ImageToScore(new RgbImage(1, 1, [FakeExtractor.Cap, deviation, (byte)number]), _banks, KeepFeatures: keepFeatures),
            leftMs is { } left ? TimeSpan.FromMilliseconds(left) : null,
            cancellationToken);

    /// <summary>A scorer that waits in every pass until it is told to go on.</summary>
    private sealed class Busy : IDisposable
    {
        public const byte Part = 255;

        public Busy(int batch, TimeProvider time, Action<int>? then = null)
        {
            Scorer = new GatedScorer(batch, time)
            {
                During = (images, token) =>
                {
                    Token = token;
                    Begun.Release();
                    Go.Wait();
                    then?.Invoke(images.Count);
                    if (images.Any(i => i.Frame.Pixels[2] == Spoilt))
                    {
                        throw new InvalidOperationException("out of memory");
                    }
                },
            };
        }

        public GatedScorer Scorer { get; }

        public SemaphoreSlim Begun { get; } = new(0);

        public SemaphoreSlim Go { get; } = new(0);

        public CancellationToken Token { get; private set; }

        public byte? Spoilt { get; set; }

        /// <summary>Has it hold on in a pass of its own, so that what comes now arrives together.</summary>
        public async Task HoldAsync(SharedScorer shared)
        {
            while (Go.Wait(0) || Begun.Wait(0))
            {
            }

            var extractor = new FakeExtractor();
            _ = shared.ScoreAsync(new ImageToScore(new RgbImage(1, 1, [0, 0, Part]), BankSet.Create([extractor.Bank("cap", FakeExtractor.Cap)], extractor.Backbone)), left: null, CancellationToken.None);
            await Begun.WaitAsync();
        }

        public void Dispose()
        {
            Begun.Dispose();
            Go.Dispose();
        }
    }
}
