namespace StructCore.Edge.Triggers;

/// <summary>A packet that waits for the broker's answer.</summary>
/// <param name="what">What fails where the answer is no: <c>publishing on 'line/verdict'</c>.</param>
/// <param name="lowestAnswer">The least an answer must be: the QoS asked for, or zero.</param>
internal sealed class PendingAnswer(string what, int lowestAnswer)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Done => _done.Task;

    /// <param name="connection">Where the answer came from.</param>
    /// <param name="answer">MQTT's reason code, or the QoS granted.</param>
    /// <param name="describe">The reason code in words, asked for only where it is a refusal.</param>
    public void Answer(BusConnection connection, int answer, Func<int, string> describe)
    {
        if (BusFailure.IsRefusal(answer))
        {
            Fail(connection, describe(answer) + "; check the broker's ACL file");
        }
        else if (answer < lowestAnswer)
        {
            Fail(connection, $"the broker grants QoS {answer} instead of {lowestAnswer}");
        }
        else
        {
            _done.TrySetResult();
        }
    }

    /// <summary>It left, and no answer will come.</summary>
    public void Handed() => _done.TrySetResult();

    public void Fail(BusConnection connection, string reason)
    {
        _done.TrySetException(BusFailure.NotDone(connection, what, reason));

        // Whoever cancelled the waiting does not look at it any more.
        _ = Done.Exception;
    }
}
