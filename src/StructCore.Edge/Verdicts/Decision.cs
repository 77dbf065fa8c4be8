namespace StructCore.Edge.Verdicts;

/// <summary>What the PLC acts on. Anything that is not a clear ACCEPT rejects the part.</summary>
public enum Decision
{
    Accept = 1,
    Reject = 2,
    Error = 3,
}
