using StructCore.Vision.Features;
using StructCore.Vision.Imaging;

namespace StructCore.Edge.Inspection;

/// <summary>The one extractor of the process, lent to the stations first come, first served: one inference at a time has the whole device.</summary>
internal sealed class SharedExtractor(IFeatureExtractor extractor)
{
    private readonly Lock _gate = new();
    private Task _last = Task.CompletedTask;

    public BackboneManifest Backbone => extractor.Backbone;

    public Task<PatchFeatures> ExtractAsync(RgbImage frame, FrameMode mode, CancellationToken cancellationToken) =>
        LendAsync(e => e.Extract(frame, mode, cancellationToken), cancellationToken);

    /// <summary>Runs one use of the extractor once it is free.</summary>
    public async Task<T> LendAsync<T>(Func<IFeatureExtractor, T> use, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task before;
        lock (_gate)
        {
            (before, _last) = (_last, done.Task);
        }

        try
        {
            await before.WaitAsync(cancellationToken);
            return await Task.Run(() => use(extractor), CancellationToken.None);
        }
        finally
        {
            // Who gives up while waiting still holds a place in the line: it passes on when the one before is done.
            _ = before.ContinueWith(_ => done.SetResult(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }
}
