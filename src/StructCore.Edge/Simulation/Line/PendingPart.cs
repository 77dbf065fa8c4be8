namespace StructCore.Edge.Simulation.Line;

/// <summary>What came back for one trigger, counted for the shift's books. Guarded by its PLC.</summary>
internal sealed class PendingPart
{
    private readonly HashSet<long> _sequences = [];

    /// <summary>The verdict, or the status of an ack that refused the trigger.</summary>
    public TaskCompletionSource<(VerdictMessage? Verdict, string? Refusal)> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the record of the inspection came on <c>results</c>.</summary>
    public TaskCompletionSource Recorded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Messages on <c>verdict</c>, late ones included.</summary>
    public int Verdicts { get; private set; }

    /// <summary>Answers on the PLC's own response topic with the right correlation data.</summary>
    public int Replies { get; private set; }

    /// <summary>Exactly one verdict: told once on <c>verdict</c>, and nothing else told anywhere.</summary>
    public bool HasOneVerdict => Verdicts == 1 && _sequences.Count == 1;

    public void OnVerdict(VerdictMessage verdict, bool reply)
    {
        Verdicts += reply ? 0 : 1;
        Replies += reply ? 1 : 0;
        _sequences.Add(verdict.Sequence);
        Answer.TrySetResult((verdict, null));
    }
}
