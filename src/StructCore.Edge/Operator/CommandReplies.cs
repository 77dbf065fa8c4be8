using System.Text.Json;
using Microsoft.Extensions.Logging;
using StructCore.Edge.Triggers;

namespace StructCore.Edge.Operator;

/// <summary>Answers commands where their senders asked for it, with their correlation data.</summary>
internal sealed class CommandReplies(string station, StationLink link, ILogger<CommandReplies> log)
{
    public void Send(CommandRequest request, CommandReply reply)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new CommandBody(request.Name, reply.Status, reply.Reason, reply.Result), CommandJson.Readable.CommandBody);
        link.Post(new BusMessage(request.ResponseTopic, body) { CorrelationData = request.CorrelationData, ContentType = "application/json" });
        log.Answered(station, request.Name, reply.Status, reply.Reason);
    }
}
