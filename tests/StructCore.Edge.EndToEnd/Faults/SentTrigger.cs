namespace StructCore.Tests.Faults;

/// <summary>A trigger as the PLC keeps it in mind.</summary>
internal sealed class SentTrigger(string id, TimeSpan deadline, bool ready)
{
    public string Id { get; } = id;

    /// <summary>The station said ready or executing when it was sent.</summary>
    public bool Ready { get; } = ready;

    /// <summary>When the PLC sent it.</summary>
    public TimeSpan SentAt { get; } = Plc.Now;

    /// <summary>When the line let it through, where the test itself had held it up: nobody behind the line can know of the time before.</summary>
    public TimeSpan? ReleasedAt { get; set; }

    /// <summary>When the broker had acknowledged it: the PLC starts its timer then. Null where it did not.</summary>
    public TimeSpan? TakenAt { get; set; }

    /// <summary>When the PLC's own timer ends.</summary>
    public TimeSpan DueAt => (ReleasedAt ?? TakenAt ?? SentAt) + deadline;
}
