using System.Diagnostics.CodeAnalysis;

namespace StructCore.Edge.Evidence;

/// <summary>What waits for the disk, bounded in bytes. What was not accepted goes first; samples of accepted parts make room for it.</summary>
internal sealed class EvidenceQueue(long capacity)
{
    private readonly Lock _gate = new();
    private readonly Queue<WaitingEvidence> _kept = new();
    private readonly Queue<WaitingEvidence> _samples = new();
    private long _bytes;

    /// <summary>False, and its frame let go of, where it does not fit.</summary>
    public bool TryAdd(WaitingEvidence evidence)
    {
        lock (_gate)
        {
            while (!evidence.IsSample && _bytes + evidence.Bytes > capacity && _samples.TryDequeue(out var sample))
            {
                _bytes -= sample.Bytes;
                sample.Frame.Dispose();
            }

            if (_bytes + evidence.Bytes > capacity)
            {
                evidence.Frame.Dispose();
                return false;
            }

            _bytes += evidence.Bytes;
            LaneOf(evidence).Enqueue(evidence);
            return true;
        }
    }

    /// <summary>Takes the next one; its memory counts until it is released.</summary>
    public bool TryTake([NotNullWhen(true)] out WaitingEvidence? evidence)
    {
        lock (_gate)
        {
            return _kept.TryDequeue(out evidence) || _samples.TryDequeue(out evidence);
        }
    }

    /// <summary>Puts one that was taken to the end: it could not be written yet, another perhaps can.</summary>
    public void PutBack(WaitingEvidence evidence)
    {
        lock (_gate)
        {
            LaneOf(evidence).Enqueue(evidence);
        }
    }

    /// <summary>One that was taken is done with.</summary>
    public void Release(WaitingEvidence evidence)
    {
        lock (_gate)
        {
            _bytes -= evidence.Bytes;
        }

        evidence.Frame.Dispose();
    }

    private Queue<WaitingEvidence> LaneOf(WaitingEvidence evidence) => evidence.IsSample ? _samples : _kept;
}
