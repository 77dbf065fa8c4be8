using System.Text;
using System.Text.Json;
using StructCore.Edge.Triggers;

namespace StructCore.Edge.Tests.Simulation.Line;

/// <summary>A bus with a station behind it that says what a test lets it say.</summary>
internal sealed class FakeStation : IMessageBus
{
    public const string Root = "sc/v1/site/line/station/";

    public Action<BusMessage>? Received { get; set; }

    public Task<string> Disconnected { get; } = new TaskCompletionSource<string>().Task;

    /// <summary>Called with every trigger the PLC sends, before its publication is acknowledged.</summary>
    public Action<JsonElement, BusMessage> OnTrigger { get; set; } = (_, _) => { };

    public List<string> Subscriptions { get; } = [];

    public void Say(string topic, object body, string? correlation = null) =>
        Received!(new BusMessage(topic.StartsWith("sc/", StringComparison.Ordinal) ? topic : Root + topic, JsonSerializer.SerializeToUtf8Bytes(body))
        {
            CorrelationData = Encoding.UTF8.GetBytes(correlation ?? ""),
        });

    public Task<bool> ConnectAsync(BusConnection connection, CancellationToken cancellationToken) => Task.FromResult(false);

    public Task SubscribeAsync(string topicFilter, QualityOfService qualityOfService, CancellationToken cancellationToken)
    {
        Subscriptions.Add(topicFilter);
        return Task.CompletedTask;
    }

    public Task UnsubscribeAsync(string topicFilter, CancellationToken cancellationToken)
    {
        Subscriptions.Remove(topicFilter);
        return Task.CompletedTask;
    }

    public Task PublishAsync(BusMessage message, CancellationToken cancellationToken)
    {
        OnTrigger(JsonSerializer.Deserialize<JsonElement>(message.Payload.Span), message);
        return Task.CompletedTask;
    }

    public Task DisconnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
