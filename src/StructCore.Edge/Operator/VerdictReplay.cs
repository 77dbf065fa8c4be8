using System.Text.Json;
using StructCore.Edge.Replay;
using StructCore.Edge.Storage;

namespace StructCore.Edge.Operator;

/// <summary><c>replay</c>: scores the stored frame of one of this station's verdicts once more and compares.</summary>
internal sealed class VerdictReplay(string station, Replayer replayer)
{
    /// <param name="arguments"><c>trigger_id</c>, and <c>plc_epoch</c> where several records have it: the tokens of the trigger.</param>
    public async Task<CommandReply> RunAsync(JsonElement arguments, CancellationToken cancellationToken)
    {
        if (Token(arguments, "trigger_id") is not { } trigger)
        {
            return new(CommandStatus.Invalid, "missing_trigger_id: replay needs the 'trigger_id' of a verdict, a string or number, and where it is not unique its 'plc_epoch'");
        }

        try
        {
            var report = await replayer.ReplayAsync(new(trigger, Token(arguments, "plc_epoch"), station), cancellationToken);
            return report.Agrees ? new(CommandStatus.Done, null, report) : new(CommandStatus.Failed, $"not_repeated: {report.Message}", report);
        }
        catch (InspectionStoreException e)
        {
            return new(CommandStatus.Failed, $"store_failed: {e.Message}");
        }
    }

    /// <summary>An argument that is a JSON token, as it came; null where it is none.</summary>
    public static string? Token(JsonElement arguments, string name) =>
        arguments.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? value.GetRawText() : null;
}
