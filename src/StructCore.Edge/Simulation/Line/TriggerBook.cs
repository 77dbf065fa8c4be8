namespace StructCore.Edge.Simulation.Line;

/// <summary>What a PLC's books say of one trigger, late messages included.</summary>
/// <param name="HasOneVerdict">It came once on <c>verdict</c>, and nothing else was told anywhere.</param>
/// <param name="Replies">Answers on the PLC's own response topic that carried the trigger's correlation data.</param>
/// <param name="FrameId">The frame that <c>acquired</c> named.</param>
/// <param name="RecordedDecision">The verdict of the record on <c>results</c>.</param>
internal sealed record TriggerBook(bool HasOneVerdict, int Replies, string? FrameId, string? RecordedDecision);
