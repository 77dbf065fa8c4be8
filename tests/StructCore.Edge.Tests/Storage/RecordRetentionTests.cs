using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;
using StructCore.Tests.Fakes;

namespace StructCore.Tests.Storage;

public sealed class RecordRetentionTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeStore _store = new();

    [Fact]
    public async Task Records_PastTheirAge_GoInBatchesAndNoOthers()
    {
        Inspect(130);
        _time.Advance(TimeSpan.FromDays(9));
        Inspect(3);
        _time.Advance(TimeSpan.FromDays(2));
        await RunAsync(new StoreOptions { MaxAgeDays = 10 }, TimeSpan.FromHours(24), () => _store.Records.Count == 3);
        Assert.Equal(130, _store.Ledger().AfterSequence);
    }

    [Fact]
    public async Task Records_BeyondTheSize_GoOldestFirstUntilItFits()
    {
        _store.BytesPerRecord = 1_000_000;
        Inspect(180);
        _time.Advance(TimeSpan.FromDays(3));
        await RunAsync(new StoreOptions { MaxMegabytes = 100 }, TimeSpan.FromHours(24), () => _store.SizeBytes() <= 100_000_000);
        Assert.Equal(80, _store.Records.Count);
        Assert.True(LedgerVerifier.Verify(_store, default).Intact);
    }

    [Fact]
    public async Task Records_ABrokerMayAskFor_StayThoughTheyTakeTooMuch()
    {
        _store.BytesPerRecord = 1_000_000;
        Inspect(150);
        _time.Advance(TimeSpan.FromHours(30));
        Inspect(150);
        _time.Advance(TimeSpan.FromHours(30));
        await RunAsync(new StoreOptions { MaxMegabytes = 100 }, TimeSpan.FromHours(24), () => _store.Records.Count == 150);
        Assert.Equal(151, _store.Records[0].Sequence);
    }

    [Fact]
    public async Task StoreThatFails_IsTriedAgainAnHourLater()
    {
        Inspect(3);
        _time.Advance(TimeSpan.FromDays(30));
        _store.Failure = "the disk is away";
        using var stop = new CancellationTokenSource();
        var running = Retention(new StoreOptions { MaxAgeDays = 10 }, TimeSpan.FromHours(24)).RunAsync(stop.Token);
        Assert.Equal(3, _store.Records.Count);

        _store.Failure = null;
        await _time.AdvanceUntilAsync(() => _store.Records.Count == 0, TimeSpan.FromMinutes(10));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task OldRecordThatMustStay_IsTold()
    {
        var warned = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var logs = LoggerFactory.Create(logging => logging.AddProvider(new Warnings(warned)));
        Inspect(2);
        _store.AddEvidence(new EvidenceFile(0, 1, EvidenceKind.Frame, "x.png", 1, "00", _time.GetUtcNow()));
        _time.Advance(TimeSpan.FromDays(11));
        using var stop = new CancellationTokenSource();
        var running = new RecordRetention(_store, new StoreOptions { MaxAgeDays = 10 }, TimeSpan.FromHours(24), _time, logs.CreateLogger<RecordRetention>()).RunAsync(stop.Token);

        Assert.Contains("record 1 of station s", await warned.Task.WaitAsync(TimeSpan.FromSeconds(20)), StringComparison.Ordinal);
        Assert.Equal(2, _store.Records.Count);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private RecordRetention Retention(StoreOptions options, TimeSpan session) => new(_store, options, session, _time, NullLogger<RecordRetention>.Instance);

    private async Task RunAsync(StoreOptions options, TimeSpan session, Func<bool> until)
    {
        using var stop = new CancellationTokenSource();
        var running = Retention(options, session).RunAsync(stop.Token);
        await _time.AdvanceUntilAsync(until, TimeSpan.FromMilliseconds(10));

        // Some more batches' time: nothing else may go.
        for (var i = 0; i < 100; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private void Inspect(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var trigger = new AcceptedTrigger("s", "7", $"{_store.Accepted.Count}", null, null, null, _time.GetUtcNow(), _time.GetUtcNow());
            _store.TryAccept(trigger);
            _store.Acknowledge([_store.Complete(new InspectionRecord(trigger, Verdict.Error("r"), null, null, null, 1, _time.GetUtcNow())).Sequence]);
        }
    }

    private sealed class Warnings(TaskCompletionSource<string> first) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Warning)
            {
                first.TrySetResult(formatter(state, exception));
            }
        }

        public void Dispose()
        {
        }
    }
}
