using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;
using StructCore.Edge.Telemetry;

namespace StructCore.Edge.Triggers;

/// <summary>Keeps one station connected: a new bus per connection, for ever, until it is told to stop.</summary>
internal sealed class BrokerConnector(
    string station,
    Func<IMessageBus> createBus,
    Func<BusConnection> describe,
    StationTopics topics,
    StationLink link,
    StationState state,
    TriggerIntake intake,
    Action<BusMessage> command,
    Action<BusMessage> update,
    IReadOnlyList<string> updateFilters,
    TimeProvider time,
    ILogger<BrokerConnector> log)
{
    private static readonly TimeSpan LongestRetryDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MarkerTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(2);
    private long? _sentAfter;
    private string? _warned;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var retry = CreateRetry();
        while (true)
        {
            await using var bus = await retry.ExecuteAsync(async stopping => await ConnectAsync(stopping), cancellationToken);
            string reason;
            try
            {
                reason = await bus.Disconnected.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                await LeaveAsync(bus);
                throw;
            }

            link.Detach();
            state.SetLinked(false);
            log.ConnectionLost(station, reason);

            // A dead line goes unnoticed for up to two keep-alives; what was sent meanwhile is in the backlog too.
            _sentAfter = time.GetTimestamp() - (long)(2 * describe().KeepAlive.TotalSeconds * time.TimestampFrequency);
        }
    }

    private async Task<IMessageBus> ConnectAsync(CancellationToken cancellationToken)
    {
        var connection = describe();
        var bus = createBus();
        try
        {
            var backlog = new Backlog(topics, intake, command, update, time, _sentAfter);

            // What the broker kept comes right behind its answer, maybe before this method goes on: it must find the way back open.
            bus.Received = message =>
            {
                link.Attach(bus);
                backlog.Receive(message);
            };
            var session = await bus.ConnectAsync(connection, cancellationToken);
            if (!session)
            {
                backlog.IsEmpty();
            }

            link.Attach(bus);
            await bus.SubscribeAsync(topics.Marker, QualityOfService.AtLeastOnce, cancellationToken);
            await bus.SubscribeAsync(topics.Command + "+", QualityOfService.AtLeastOnce, cancellationToken);
            if (!topics.IsShared)
            {
                await bus.SubscribeAsync(topics.TriggerFilter, QualityOfService.AtLeastOnce, cancellationToken);
            }

            await SubscribeToUpdatesAsync(bus, cancellationToken);
            await bus.PublishAsync(new BusMessage(topics.Marker, backlog.Token), cancellationToken);
            await WaitAsync(backlog, bus, cancellationToken);
            log.Connected(station, $"{connection.Host}:{connection.Port}", session ? "the broker had kept the session" : "a new session");
            _warned = null;
            state.SetLinked(true);
            link.Announce();
            return bus;
        }
        catch
        {
            await bus.DisposeAsync();
            link.Detach();
            throw;
        }
    }

    // A broker that allows no updates must not keep the line from working.
    private async Task SubscribeToUpdatesAsync(IMessageBus bus, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var filter in updateFilters)
            {
                await bus.SubscribeAsync(filter, QualityOfService.AtLeastOnce, cancellationToken);
            }
        }
        catch (MessageBusException e) when (!bus.Disconnected.IsCompleted)
        {
            log.NoUpdates(station, e.Message);
        }
    }

    // Without this goodbye the broker would publish the will; both say offline, this one at once.
    private async Task LeaveAsync(IMessageBus bus)
    {
        using var limit = new CancellationTokenSource(LeaveTimeout, time);
        await link.TryPublishAsync(describe().Will!, limit.Token);
        link.Detach();
        try
        {
            await bus.DisconnectAsync(limit.Token);
        }
        catch (Exception e) when (e is MessageBusException or OperationCanceledException)
        {
            log.ConnectionLost(station, e.Message);
        }
    }

    private async Task WaitAsync(Backlog backlog, IMessageBus bus, CancellationToken cancellationToken)
    {
        try
        {
            var first = await Task.WhenAny(backlog.Returned, bus.Disconnected).WaitAsync(MarkerTimeout, time, cancellationToken);
            if (first != backlog.Returned)
            {
                throw new MessageBusException($"{station}: connection lost while connecting: {await bus.Disconnected}");
            }
        }
        catch (TimeoutException)
        {
            throw new MessageBusException($"{station}: the broker took a message on '{topics.Marker}' and did not send it back. Its access rules must let this agent write and read that topic.");
        }
    }

    private ResiliencePipeline CreateRetry() => new ResiliencePipelineBuilder { TimeProvider = time }.AddRetry(new RetryStrategyOptions
    {
        ShouldHandle = new PredicateBuilder().Handle<MessageBusException>(),
        MaxRetryAttempts = int.MaxValue,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = TimeSpan.FromMilliseconds(200),
        MaxDelay = LongestRetryDelay,
        OnRetry = retry =>
        {
            // One warning per outage and reason, not one per attempt.
            var reason = retry.Outcome.Exception!.Message;
            if (reason != _warned)
            {
                log.NotConnected(station, reason);
                _warned = reason;
            }

            return default;
        },
    }).Build();
}
