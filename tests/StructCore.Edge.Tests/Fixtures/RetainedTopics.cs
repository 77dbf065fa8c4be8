using StructCore.Edge.Native.Mosquitto;
using StructCore.Edge.Triggers;

namespace StructCore.Tests;

/// <summary>What a broker keeps.</summary>
internal static class RetainedTopics
{
    /// <summary>The messages kept below <paramref name="filter"/>, by topic; an empty one is none.</summary>
    public static async Task<SortedDictionary<string, byte[]>> ReadAsync(MosquittoBroker broker, string filter)
    {
        var kept = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        await using var bus = new MosquittoMessageBus();
        bus.Received = message =>
        {
            lock (kept)
            {
                kept[message.Topic] = message.Payload.ToArray();
            }
        };
        await bus.ConnectAsync(broker.Connection("reader"), default);
        await bus.SubscribeAsync(filter, QualityOfService.AtLeastOnce, default);
        await bus.UnsubscribeAsync(filter, default);
        return kept;
    }
}
