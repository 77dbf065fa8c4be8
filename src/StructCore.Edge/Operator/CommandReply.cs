namespace StructCore.Edge.Operator;

/// <summary>The answer to a command.</summary>
/// <param name="Reason">Code and text; null where it was done.</param>
/// <param name="Result">What the command found out; of a type <see cref="CommandJson"/> knows.</param>
internal sealed record CommandReply(CommandStatus Status, string? Reason = null, object? Result = null);
