namespace StructCore.Edge.Triggers;

/// <summary>A trigger that breaks the contract. The message is the reason the PLC reads; the ids are there as far as they could be read.</summary>
internal sealed class InvalidTriggerException(string reason, string? plcEpoch = null, string? triggerId = null) : Exception(reason)
{
    public string? PlcEpoch { get; } = plcEpoch;

    public string? TriggerId { get; } = triggerId;
}
