using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace StructCore.Edge.Operator;

/// <summary>Does what commands ask for, one after the other, beside the inspections.</summary>
/// <param name="commands">By name, what each does.</param>
internal sealed class CommandWorker(
    string station,
    ChannelReader<CommandRequest> waiting,
    IReadOnlyDictionary<string, Func<JsonElement, CancellationToken, Task<CommandReply>>> commands,
    CommandReplies replies,
    ILogger<CommandWorker> log)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var request in waiting.ReadAllAsync(cancellationToken))
        {
            replies.Send(request, await AnswerAsync(request, cancellationToken));
        }
    }

    private async Task<CommandReply> AnswerAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        if (!commands.TryGetValue(request.Name, out var command))
        {
            return new(CommandStatus.Invalid, $"unknown_command: '{request.Name}'; known: {string.Join(", ", commands.Keys.Order(StringComparer.Ordinal))}");
        }

        try
        {
            return await command(request.Arguments, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new(CommandStatus.Failed, "stopped: the agent was shut down");
        }
        catch (Exception e)
        {
            log.CommandFailed(e, station, request.Name);
            return new(CommandStatus.Failed, $"internal_error: {e.GetType().Name}, see the agent's log");
        }
    }
}
