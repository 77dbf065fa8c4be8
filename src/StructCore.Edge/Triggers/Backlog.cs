using System.Text;

namespace StructCore.Edge.Triggers;

/// <summary>
/// Tells what the broker had kept from what is fresh. A kept message carries no date; but the broker sends what it kept first,
/// so that whatever comes before our own marker comes back was kept, and anything after it was not.
/// </summary>
/// <param name="command">Takes a message on a command topic.</param>
/// <param name="update">Takes a message about banks.</param>
/// <param name="sentAfter">No kept message is older than this moment of the monotonic clock; null where that is not known.</param>
internal sealed class Backlog(StationTopics topics, TriggerIntake intake, Action<BusMessage> command, Action<BusMessage> update, TimeProvider time, long? sentAfter)
{
    private readonly TaskCompletionSource _returned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _through;

    /// <summary>What to send to the marker topic; unique, since an older marker may be in the backlog.</summary>
    public byte[] Token { get; } = Encoding.ASCII.GetBytes(Guid.NewGuid().ToString("N"));

    /// <summary>Ends when the marker is back.</summary>
    public Task Returned => _returned.Task;

    /// <summary>The broker had no session, so it has kept nothing.</summary>
    public void IsEmpty() => _through = true;

    public void Receive(BusMessage message)
    {
        if (message.Topic == topics.Trigger)
        {
            intake.Receive(new(message, time.GetUtcNow(), time.GetTimestamp(), LongestAge()));
        }
        else if (message.Topic.StartsWith(topics.Command, StringComparison.Ordinal))
        {
            command(message);
        }
        else if (message.Topic == topics.Trust || topics.ParseBank(message.Topic) is not null)
        {
            update(message);
        }
        else if (message.Topic == topics.Marker && message.Payload.Span.SequenceEqual(Token))
        {
            _through = true;
            _returned.TrySetResult();
        }
    }

    private TimeSpan LongestAge() => _through ? TimeSpan.Zero : sentAfter is { } moment ? time.GetElapsedTime(moment) : TimeSpan.MaxValue;
}
