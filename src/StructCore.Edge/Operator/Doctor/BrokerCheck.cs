using StructCore.Edge.Configuration;
using StructCore.Edge.Inspection;
using StructCore.Edge.Triggers;

namespace StructCore.Edge.Operator.Doctor;

/// <summary>Every station's broker: connection, certificates, login, and a message to itself; under a client id of its own, so that no running agent is thrown out.</summary>
internal static class BrokerCheck
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(AgentOptions options, AdapterSet adapters, TimeProvider time, Findings findings, CancellationToken cancellationToken)
    {
        foreach (var stations in options.Stations.GroupBy(s => s.Broker ?? options.Broker))
        {
            if (stations.Key.Tls is { } tls)
            {
                await CertificateCheck.RunAsync(stations.Key, tls, time, findings, cancellationToken);
            }

            foreach (var station in stations)
            {
                await TryAsync(station, stations.Key, adapters, time, findings, cancellationToken);
            }
        }
    }

    private static async Task TryAsync(StationOptions station, BrokerOptions broker, AdapterSet adapters, TimeProvider time, Findings findings, CancellationToken cancellationToken)
    {
        var topics = new StationTopics(station.Site, station.Line, station.Id);
        var token = Guid.NewGuid().ToByteArray();
        var returned = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var bus = adapters.CreateMessageBus();
        bus.Received = message =>
        {
            if (message.Payload.Span.SequenceEqual(token))
            {
                returned.TrySetResult();
            }
        };
        try
        {
            var start = time.GetTimestamp();
            var connection = BusConnectionFactory.Create(broker, $"structcore-doctor-{Guid.NewGuid():N}", keepSession: false, will: null);
            await bus.ConnectAsync(connection, cancellationToken);
            await bus.SubscribeAsync(topics.Marker, QualityOfService.AtLeastOnce, cancellationToken);

            // An agent that runs reads this topic too, and passes over markers that are not its own.
            await bus.PublishAsync(new BusMessage(topics.Marker, token), cancellationToken);
            await returned.Task.WaitAsync(AnswerTime, time, cancellationToken);
            findings.Ok($"{station.Name}: {broker.Host}:{broker.Port} lets {broker.UserName ?? "an anonymous client"} in, a message to itself took {time.GetElapsedTime(start).TotalMilliseconds:F0} ms, connecting included");
            await bus.DisconnectAsync(cancellationToken);
        }
        catch (MessageBusException e)
        {
            findings.Fail($"{station.Name}: {e.Message}");
        }
        catch (TimeoutException)
        {
            findings.Fail($"{station.Name}: {broker.Host}:{broker.Port} took a message on '{topics.Marker}' and did not send it back within {AnswerTime.TotalSeconds:F0} s. Let this account read and write that topic in the broker's access list, and read 'trigger' and write the other topics of the station.");
        }
    }
}
