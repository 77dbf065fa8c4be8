using StructCore.Edge.Evidence;
using StructCore.Edge.Verdicts;
using StructCore.Tests.Fakes;

namespace StructCore.Tests.Evidence;

public sealed class EvidenceQueueTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly EvidenceQueue _queue = new(100);

    [Fact]
    public void Queue_RejectsAndSamples_GivesRejectsFirst()
    {
        AddAll(Accepted("a", 30), Rejected("b", 30), Rejected("c", 30));
        Assert.Equal(["b", "c", "a"], TakeAll());
    }

    [Fact]
    public void Queue_FullOfSamples_DropsTheOldestForAReject()
    {
        AddAll(Accepted("a", 45), Accepted("b", 45), Rejected("c", 45));
        Assert.Equal(["c", "b"], TakeAll());
    }

    [Fact]
    public void Queue_Full_RefusesSamplesAndRejectsAlike()
    {
        AddAll(Rejected("a", 60));
        Assert.False(_queue.TryAdd(Accepted("b", 60)));
        Assert.False(_queue.TryAdd(Rejected("c", 60)));
        Assert.Equal(["a"], TakeAll());
    }

    [Fact]
    public void Queue_WhatWasTaken_CountsUntilItIsReleased()
    {
        AddAll(Rejected("a", 60));
        Assert.True(_queue.TryTake(out var taken));
        Assert.False(_queue.TryAdd(Rejected("b", 60)));
        _queue.Release(taken);
        Assert.True(_queue.TryAdd(Rejected("c", 60)));
    }

    [Fact]
    public void Queue_WhatIsPutBack_ComesAfterTheOthers()
    {
        AddAll(Rejected("a", 30), Rejected("b", 30));
        Assert.True(_queue.TryTake(out var taken));
        _queue.PutBack(taken);
        Assert.Equal(["b", "a"], TakeAll());
    }

    private void AddAll(params WaitingEvidence[] all) => Assert.All(all, e => Assert.True(_queue.TryAdd(e)));

    private List<string> TakeAll()
    {
        List<string> all = [];
        while (_queue.TryTake(out var evidence))
        {
            all.Add(evidence.Record.Trigger.TriggerId.Trim('"'));
        }

        return all;
    }

    private WaitingEvidence Rejected(string id, int bytes) => Waiting(id, bytes, Decision.Reject);

    private WaitingEvidence Accepted(string id, int bytes) => Waiting(id, bytes, Decision.Accept);

    private WaitingEvidence Waiting(string id, int bytes, Decision decision)
    {
        var record = Parts.Undecided(id, _time, decision);
        return new WaitingEvidence(record, Parts.Frame(bytes, _time), new Outcome(record.Verdict));
    }
}
