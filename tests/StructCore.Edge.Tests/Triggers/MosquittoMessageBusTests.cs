using StructCore.Edge.Native.Mosquitto;
using StructCore.Edge.Triggers;

namespace StructCore.Tests.Triggers;

public sealed class MosquittoMessageBusTests : MessageBusContract
{
    protected override IMessageBus CreateBus() => new MosquittoMessageBus();

    [Fact]
    public async Task Connect_BrokerAcceptsButNeverAnswers_TimesOut()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        broker.Suspend();
        await using var bus = new MosquittoMessageBus { ConnectTimeout = TimeSpan.FromSeconds(1) };
        var failure = await Assert.ThrowsAsync<MessageBusException>(() => ConnectAsync(bus, To(broker)));
        Assert.Contains("did not answer within 1 s", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dispose_ManyInstances_LeavesNoThread()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        for (var i = 0; i < 30; i++)
        {
            await using var bus = await ConnectedAsync(broker, $"leak-{i}");
            Assert.NotEqual(0, Threads("leak-"));
        }

        // A thread says that it has cleaned up shortly before it ends.
        Assert.True(SpinWait.SpinUntil(() => Threads("leak-") == 0, Patience));
    }

    private static int Threads(string namePrefix) => Directory.GetDirectories("/proc/self/task").Count(task =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).StartsWith(namePrefix, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    });
}
