using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using StructCore.Edge.Triggers;

namespace StructCore.Edge.Operator;

/// <summary>Takes commands off the bus, or says at once why not; never works on one itself.</summary>
internal sealed class CommandIntake(string station, StationTopics topics, CommandReplies replies, ILogger<CommandIntake> log)
{
    private const int MaxNameLength = 64;
    private const int Capacity = 4;

    // Found full it refuses, with an answer: whoever asks wants to know now.
    private readonly Channel<CommandRequest> _waiting = Channel.CreateBounded<CommandRequest>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    public ChannelReader<CommandRequest> Waiting => _waiting.Reader;

    /// <summary>Called on the bus's own thread.</summary>
    public void Receive(BusMessage message)
    {
        var name = message.Topic[topics.Command.Length..];
        name = name.Length <= MaxNameLength ? name : name[..MaxNameLength];
        if (message.ResponseTopic is not { } responseTopic)
        {
            log.Dropped(station, name, "no response topic: a command needs one");
            return;
        }

        if (topics.Refusal(responseTopic) is { } refusal)
        {
            log.Dropped(station, name, refusal);
            return;
        }

        var request = new CommandRequest(name, default, responseTopic, message.CorrelationData);
        if (message.Retain)
        {
            replies.Send(request, new(CommandStatus.Invalid, "retained: a command must not be retained, clear the topic and publish without retain"));
        }
        else if (message.Payload.Length > TriggerParser.MaxPayloadBytes)
        {
            replies.Send(request, new(CommandStatus.Invalid, $"payload_too_large: {message.Payload.Length} bytes, at most {TriggerParser.MaxPayloadBytes}"));
        }
        else if (Arguments(message.Payload) is not { } arguments)
        {
            replies.Send(request, new(CommandStatus.Invalid, "malformed_json: the body of a command is a JSON object or empty"));
        }
        else if (!_waiting.Writer.TryWrite(request with { Arguments = arguments }))
        {
            replies.Send(request, new(CommandStatus.Busy, $"queue_full: {Capacity} commands wait"));
        }
    }

    private static JsonElement? Arguments(ReadOnlyMemory<byte> payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload.IsEmpty ? "{}"u8.ToArray() : payload);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
