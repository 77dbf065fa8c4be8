namespace StructCore.Tests.Faults;

/// <summary>What became of the triggers of one fault.</summary>
/// <param name="Tried">How often the fault was brought about.</param>
/// <param name="Triggers">How many triggers were sent.</param>
/// <param name="Lost">Accepted ones without exactly one record, and ones that nobody answered.</param>
/// <param name="Late">Verdicts after the PLC's timer.</param>
/// <param name="Wrong">Decisions the part did not deserve or that have no score, and states that said ready when it was not true.</param>
internal sealed record FaultTally(int Tried, int Triggers, int Lost, int Late, int Wrong)
{
    public static FaultTally operator +(FaultTally a, FaultTally b) =>
        new(a.Tried + b.Tried, a.Triggers + b.Triggers, a.Lost + b.Lost, a.Late + b.Late, a.Wrong + b.Wrong);

    public override string ToString() => $"tried {Tried}, lost {Lost}, late {Late}, wrong {Wrong}";
}
