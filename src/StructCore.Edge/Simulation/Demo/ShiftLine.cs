using StructCore.Edge.Simulation.Line;

namespace StructCore.Edge.Simulation.Demo;

/// <summary>One part of the shift: what it was, what the PLC did with it, what its books say.</summary>
internal sealed record ShiftLine(PlannedPart Part, PartOutcome Outcome, TriggerBook Book)
{
    /// <summary>No ACCEPT and no REJECT the PLC could act on: the part went to the bad bin unjudged.</summary>
    public bool IsError => !Outcome.Accepted && Outcome.Verdict?.Decision != "REJECT";

    public bool IsMissed => Outcome.Accepted && Part.Defect is not null;

    public bool IsFalseReject => !Outcome.Accepted && !IsError && Part.Defect is null;

    /// <summary>What must not happen on a line, whatever the part.</summary>
    public IEnumerable<string> Faults()
    {
        if (!Book.HasOneVerdict)
        {
            yield return $"part {Part.Number} did not get exactly one verdict ({Outcome.Reason})";
        }

        if (Outcome.Accepted && !(Outcome.Verdict?.Score <= Outcome.Verdict?.Threshold))
        {
            yield return $"part {Part.Number} was accepted without a score within its threshold";
        }

        if (Outcome.Accepted && Book.RecordedDecision != "ACCEPT")
        {
            yield return $"part {Part.Number} was accepted, its record says {Book.RecordedDecision ?? "nothing"}";
        }

        if (Book.FrameId?.Contains(Part.FrameFile, StringComparison.Ordinal) == false)
        {
            yield return $"part {Part.Number} was judged by frame '{Book.FrameId}', expected '{Part.FrameFile}'";
        }

        if (Part.AsksReply && Book.Replies != 1)
        {
            yield return $"part {Part.Number} got {Book.Replies} answers on its response topic, expected 1";
        }
    }
}
