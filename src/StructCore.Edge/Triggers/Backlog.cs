using System.Text;

namespace StructCore.Edge.Triggers;

/// <summary>
/// Tells what the broker had kept from what is fresh. A kept message carries no date; but the broker sends what it kept first,
/// so that whatever comes before our own marker comes back was kept, and anything after it was not.
/// </summary>
internal sealed class Backlog(StationTopics topics, TriggerIntake intake, TimeProvider time, DateTimeOffset? sentAfter)
{
    private readonly TaskCompletionSource _through = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What to send to the marker topic; unique, since an older marker may be in the backlog.</summary>
    public byte[] Token { get; } = Encoding.ASCII.GetBytes(Guid.NewGuid().ToString("N"));

    /// <summary>Ends when the marker is back.</summary>
    public Task Through => _through.Task;

    public void Receive(BusMessage message)
    {
        if (message.Topic == topics.Trigger)
        {
            intake.Receive(new(message, time.GetUtcNow(), time.GetTimestamp(), !Through.IsCompleted, sentAfter));
        }
        else if (message.Topic == topics.Marker && message.Payload.Span.SequenceEqual(Token))
        {
            _through.TrySetResult();
        }
    }
}
