using System.Collections.Concurrent;

namespace StructCore.Tests.Fakes;

/// <summary>A clock that moves when it is told to, and fires the timers it passes in their order. Its wall clock can be set apart from it.</summary>
internal sealed class FakeTimeProvider : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<FakeTimer> _timers = [];
    private readonly ConcurrentDictionary<TimeSpan, TaskCompletionSource> _begun = new();
    private DateTimeOffset _now = new(2026, 2, 3, 4, 5, 6, TimeSpan.Zero);
    private TimeSpan _wall;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now + _wall;
        }
    }

    public override long GetTimestamp()
    {
        lock (_gate)
        {
            return _now.Ticks;
        }
    }

    /// <summary>Sets the wall clock forward or back, as NTP or a person does; timers and timestamps do not notice.</summary>
    public void StepWallClock(TimeSpan by)
    {
        lock (_gate)
        {
            _wall += by;
        }
    }

    public void Advance(TimeSpan by)
    {
        DateTimeOffset end;
        lock (_gate)
        {
            end = _now + by;
        }

        while (Next(end) is { } due)
        {
            due();
        }

        lock (_gate)
        {
            _now = end;
        }
    }

    /// <summary>Lets time pass in steps until something has happened, with some real time between two of them: a clock that ran free would leave every deadline behind before a busy machine comes to one continuation.</summary>
    public async Task AdvanceUntilAsync(Func<bool> happened, TimeSpan step)
    {
        var pause = TimeSpan.FromMilliseconds(Math.Clamp(step.TotalMilliseconds / 50, 1, 10));
        while (!happened())
        {
            Advance(step);
            await Task.Delay(pause);
        }
    }

    public async Task AdvanceUntilAsync(Task happened, TimeSpan step)
    {
        await AdvanceUntilAsync(() => happened.IsCompleted, step);
        await happened;
    }

    /// <summary>Ends when somebody begins to wait exactly this long.</summary>
    public Task WaitBegunAsync(TimeSpan dueTime)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _begun[dueTime] = begun;
        return begun.Task;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        if (_begun.TryRemove(dueTime, out var begun))
        {
            begun.SetResult();
        }

        if (dueTime == TimeSpan.Zero)
        {
            // Like the real one, never on the thread that creates it.
            ThreadPool.QueueUserWorkItem(_ => Advance(TimeSpan.Zero));
        }

        return timer;
    }

    private Action? Next(DateTimeOffset end)
    {
        lock (_gate)
        {
            var timer = _timers.Where(t => t.Due <= end).MinBy(t => t.Due);
            if (timer is null)
            {
                return null;
            }

            _now = timer.Due > _now ? timer.Due : _now;
            timer.Due = timer.Period > TimeSpan.Zero ? timer.Due + timer.Period : DateTimeOffset.MaxValue;
            if (timer.Due == DateTimeOffset.MaxValue)
            {
                _timers.Remove(timer);
            }

            return timer.Callback;
        }
    }

    private sealed class FakeTimer(FakeTimeProvider owner, Action callback) : ITimer
    {
        public Action Callback { get; } = callback;

        public DateTimeOffset Due { get; set; }

        public TimeSpan Period { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (owner._gate)
            {
                owner._timers.Remove(this);
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    (Due, Period) = (owner._now + dueTime, period);
                    owner._timers.Add(this);
                }
            }

            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
