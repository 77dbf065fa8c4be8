using System.Collections.Concurrent;
using System.Text;
using StructCore.Edge.Native.Mosquitto;
using StructCore.Edge.Triggers;

namespace StructCore.Tests;

/// <summary>Somebody at the broker under a name: what it may say, and what it hears.</summary>
internal sealed class Account : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);
    private readonly MosquittoMessageBus _bus = new();
    private readonly ConcurrentQueue<BusMessage> _heard = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IEnumerable<string> HeardTopics => _heard.Select(m => m.Topic).Distinct();

    public static async Task<Account> ConnectAsync(BusConnection connection)
    {
        var account = new Account();
        account._bus.Received = account.Hear;
        await account._bus.ConnectAsync(connection, default);
        await account._bus.SubscribeAsync("sc/v1/#", QualityOfService.AtLeastOnce, default);
        return account;
    }

    /// <summary>False where the broker refuses.</summary>
    public async Task<bool> TryPublishAsync(string topic, string text, string? responseTopic = null)
    {
        try
        {
            await _bus.PublishAsync(new BusMessage(topic, Encoding.UTF8.GetBytes(text)) { ResponseTopic = responseTopic }, default);
            return true;
        }
        catch (MessageBusException e) when (e.Message.Contains("Not authorized", StringComparison.Ordinal))
        {
            return false;
        }
    }

    /// <summary>Waits for a message on a topic: its text.</summary>
    public async Task<string> HearAsync(string topic, string containing)
    {
        while (true)
        {
            var changed = Volatile.Read(ref _changed).Task;
            foreach (var text in _heard.Where(m => m.Topic == topic).Select(m => Encoding.UTF8.GetString(m.Payload.Span)).Where(t => t.Contains(containing, StringComparison.Ordinal)))
            {
                return text;
            }

            await changed.WaitAsync(Patience);
        }
    }

    /// <summary>Ends when everything the broker had for it is here: it answers in order.</summary>
    public Task CatchUpAsync() => _bus.SubscribeAsync("nothing", QualityOfService.AtLeastOnce, default);

    public ValueTask DisposeAsync() => _bus.DisposeAsync();

    private void Hear(BusMessage message)
    {
        _heard.Enqueue(message);
        Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }
}
