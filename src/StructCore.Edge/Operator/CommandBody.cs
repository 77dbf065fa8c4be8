namespace StructCore.Edge.Operator;

/// <summary>Body of the answer to a command.</summary>
internal sealed record CommandBody(string Command, CommandStatus Status, string? Reason, object? Result);
