namespace StructCore.Edge.Operator;

/// <summary>How a command ended.</summary>
internal enum CommandStatus
{
    Done,

    /// <summary>It ran and could not do it, or found something wrong; the agent goes on as before.</summary>
    Failed,

    /// <summary>Too many wait; nothing was done.</summary>
    Busy,

    /// <summary>Not a command as the contract has it.</summary>
    Invalid,
}
