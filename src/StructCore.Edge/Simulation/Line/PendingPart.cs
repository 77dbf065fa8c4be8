namespace StructCore.Edge.Simulation.Line;

/// <summary>What came back for one trigger. Guarded by its PLC.</summary>
internal sealed class PendingPart
{
    private readonly HashSet<long> _sequences = [];
    private int _verdicts;
    private int _replies;
    private string? _frameId;
    private string? _recorded;

    /// <summary>The verdict, or why the trigger was refused.</summary>
    public TaskCompletionSource<(VerdictMessage? Verdict, string? Refusal)> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the record of the inspection came on <c>results</c>.</summary>
    public TaskCompletionSource Recorded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TriggerBook Book => new(_verdicts == 1 && _sequences.Count == 1, _replies, _frameId, _recorded);

    public void OnRefused(string reason) => Answer.TrySetResult((null, reason));

    public void OnAcquired(string? frameId) => _frameId = frameId;

    public void OnVerdict(VerdictMessage verdict, bool reply)
    {
        (_verdicts, _replies) = reply ? (_verdicts, _replies + 1) : (_verdicts + 1, _replies);
        _sequences.Add(verdict.Sequence);
        Answer.TrySetResult((verdict, null));
    }

    public void OnRecord(string? decision)
    {
        _recorded = decision;
        Recorded.TrySetResult();
    }
}
