using StructCore.Vision.Inference;

namespace StructCore.Edge.Inspection;

/// <summary>An image that waits for the scorer, with a share of its frame until it is scored or given up.</summary>
/// <param name="image">What is to be scored.</param>
/// <param name="arrived">When it was asked for, on the monotonic clock.</param>
/// <param name="due">When its result is of no use any more; <see cref="long.MaxValue"/>: it may wait.</param>
/// <param name="givenUp">Cancelled once nobody wants the result.</param>
internal sealed class ScoreRequest(ImageToScore image, long arrived, long due, CancellationToken givenUp) : IDisposable
{
    private readonly TaskCompletionSource<InspectedImage> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ImageToScore Image { get; } = image with { Frame = image.Frame.Share() };

    public long Arrived => arrived;

    public long Due => due;

    public CancellationToken GivenUp => givenUp;

    public Task<InspectedImage> Answer => _answer.Task;

    /// <summary>Hands the result over; features that nobody takes go back.</summary>
    public void Give(InspectedImage inspected)
    {
        if (givenUp.IsCancellationRequested)
        {
            inspected.Features?.Dispose();
            _answer.TrySetCanceled(givenUp);
            return;
        }

        _answer.TrySetResult(inspected);
    }

    public void Fail(Exception why) => _answer.TrySetException(why);

    public void Cancel() => _answer.TrySetCanceled(givenUp);

    public void Dispose() => Image.Frame.Dispose();
}
