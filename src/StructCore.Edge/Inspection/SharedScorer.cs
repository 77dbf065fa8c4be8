using StructCore.Vision.Features;
using StructCore.Vision.Inference;

namespace StructCore.Edge.Inspection;

/// <summary>The one scorer of the process, lent to the stations: one pass at a time has the whole device, and triggers that arrive together share one where that pays.</summary>
internal sealed class SharedScorer(ImageScorer scorer, ModelOptions options, TimeProvider time)
{
    private readonly BatchPlanner _planner = new(options.BatchSize == 0 ? scorer.Batch : options.BatchSize, TimeSpan.FromMilliseconds(options.BatchWaitMs), time);
    private readonly Lock _gate = new();
    private readonly List<ScoreRequest> _waiting = [];
    private TaskCompletionSource? _more;
    private bool _running;

    public BackboneManifest Backbone => scorer.Backbone;

    /// <summary>Scores an image in its turn.</summary>
    /// <param name="image">The frame may be disposed of at once: it is shared until it is scored.</param>
    /// <param name="left">How long its result is of use; null: for ever.</param>
    /// <param name="cancellationToken">Ends the wait for its turn; a pass that has begun is waited for, and given up once nobody in it wants its result.</param>
    public async Task<InspectedImage> ScoreAsync(ImageToScore image, TimeSpan? left, CancellationToken cancellationToken)
    {
        var now = time.GetTimestamp();
        var due = left is { } limit ? now + (long)(limit.TotalSeconds * time.TimestampFrequency) : long.MaxValue;
        using var request = new ScoreRequest(image, now, due, cancellationToken);
        lock (_gate)
        {
            _waiting.Add(request);
            _more?.TrySetResult();
            if (!_running)
            {
                _running = true;
                _ = Task.Run(ServeAsync, CancellationToken.None);
            }
        }

        await using var registration = cancellationToken.UnsafeRegister(_ => GiveUp(request), null);
        return await request.Answer;
    }

    private void GiveUp(ScoreRequest request)
    {
        lock (_gate)
        {
            if (!_waiting.Remove(request))
            {
                return;
            }
        }

        request.Cancel();
    }

    private async Task ServeAsync()
    {
        while (Next() is { } next)
        {
            if (next.Wait > TimeSpan.Zero)
            {
                await next.More!.WaitAsync(next.Wait, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            else
            {
                await PassAsync(next.Pass);
            }
        }
    }

    /// <summary>What to do next; null where nobody waits.</summary>
    private (IReadOnlyList<ScoreRequest> Pass, TimeSpan Wait, Task? More)? Next()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                _running = false;
                return null;
            }

            var (pass, wait) = _planner.Next(_waiting);
            if (wait > TimeSpan.Zero)
            {
                _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
                return (pass, wait, _more.Task);
            }

            _waiting.RemoveAll(pass.Contains);
            return (pass, wait, null);
        }
    }

    private async Task PassAsync(IReadOnlyList<ScoreRequest> pass)
    {
        var scoring = RunAsync(pass);
        await ((Task)scoring).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (scoring.IsCompletedSuccessfully)
        {
            var inspected = await scoring;
            for (var i = 0; i < pass.Count; i++)
            {
                pass[i].Give(inspected[i]);
            }
        }
        else if (pass.Count > 1)
        {
            // One of them spoilt the pass: alone it fails alone.
            foreach (var request in pass)
            {
                await PassAsync([request]);
            }
        }
        else if (scoring.Exception is { } failed)
        {
            pass[0].Fail(failed.InnerException!);
        }
        else
        {
            pass[0].Cancel();
        }
    }

    private async Task<IReadOnlyList<InspectedImage>> RunAsync(IReadOnlyList<ScoreRequest> pass)
    {
        using var nobodyWaits = new CancellationTokenSource();
        var left = pass.Count;
        var givenUp = pass.Select(r => r.GivenUp.UnsafeRegister(_ => Leave(), null)).ToArray();
        try
        {
            var start = time.GetTimestamp();
            var inspected = await Task.Run(() => scorer.Score([.. pass.Select(r => r.Image)], nobodyWaits.Token), CancellationToken.None);
            _planner.Learn(pass.Count, time.GetElapsedTime(start));
            return inspected;
        }
        finally
        {
            foreach (var registration in givenUp)
            {
                await registration.DisposeAsync();
            }
        }

        void Leave()
        {
            if (Interlocked.Decrement(ref left) == 0)
            {
                nobodyWaits.Cancel();
            }
        }
    }
}
