using System.Text;
using StructCore.Edge;
using StructCore.Edge.Benchmarking;
using StructCore.Edge.Simulation.Demo;
using StructCore.Edge.Triggers;

namespace StructCore.Benchmarks.Adapters;

/// <summary>Messages of a verdict's size through a real broker on this machine.</summary>
internal static class BusSeam
{
    private const string Name = "IMessageBus";
    private const int InFlight = 32;
    private static readonly BusMessage Message = new("sc/v1/bench/line/one/verdict", Encoding.UTF8.GetBytes(new string('v', 700)));

    public static async Task<IReadOnlyList<SeamRow>> MeasureAsync(AdapterSet adapters, CallTimer timer, string folder, CancellationToken stopping)
    {
        await using var broker = await LoopbackBroker.StartAsync(folder, stopping);
        await using var sender = await ConnectAsync(adapters, broker, "sender", null, stopping);
        List<SeamRow> rows =
        [
            SeamRow.Of(Name, timer.Measure("publish to acknowledgement", 1, _ => Publish(), stopping)),
            SeamRow.Of(Name, timer.Measure($"publish to acknowledgement, {InFlight} at once", InFlight, _ => Task.WaitAll(Enumerable.Range(0, InFlight).Select(_ => sender.PublishAsync(Message, stopping)), stopping), stopping)),
        ];

        using var arrived = new SemaphoreSlim(0);
        await using var receiver = await ConnectAsync(adapters, broker, "receiver", _ => arrived.Release(), stopping);
        await receiver.SubscribeAsync(Message.Topic, QualityOfService.AtLeastOnce, stopping);
        rows.Add(SeamRow.Of(Name, timer.Measure("publish to arrival on a second connection", 1, _ =>
        {
            Publish();
            arrived.Wait(stopping);
        }, stopping)));
        return rows;

        void Publish() => sender.PublishAsync(Message, stopping).GetAwaiter().GetResult();
    }

    private static async Task<IMessageBus> ConnectAsync(AdapterSet adapters, LoopbackBroker broker, string client, Action<BusMessage>? received, CancellationToken stopping)
    {
        var bus = adapters.CreateMessageBus();
        bus.Received = received;
        await bus.ConnectAsync(new BusConnection { Host = "127.0.0.1", Port = broker.Port, ClientId = client }, stopping);
        return bus;
    }
}
