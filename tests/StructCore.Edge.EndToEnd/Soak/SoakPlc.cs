using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using StructCore.Edge.Native.Mosquitto;
using StructCore.Edge.Triggers;

namespace StructCore.Tests.Soak;

/// <summary>A PLC that sends at a steady rate, whatever comes back, and keeps no more of the answers than their number and time.</summary>
internal sealed class SoakPlc : IAsyncDisposable
{
    private readonly MosquittoMessageBus _bus = new();
    private readonly Lock _gate = new();
    private readonly List<long> _sentAt = [];
    private readonly List<double> _latencies = [];
    private readonly HashSet<int> _results = [];
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>Milliseconds from a trigger to its verdict, in the order of the verdicts.</summary>
    public double[] Latencies
    {
        get
        {
            lock (_gate)
            {
                return [.. _latencies];
            }
        }
    }

    /// <summary>Triggers that have a record on <c>results</c>.</summary>
    public int Results
    {
        get
        {
            lock (_gate)
            {
                return _results.Count;
            }
        }
    }

    /// <summary>How often each status of an acknowledgement and each verdict came.</summary>
    public int Count(string word)
    {
        lock (_gate)
        {
            return _counts.GetValueOrDefault(word);
        }
    }

    public async Task ConnectAsync(int port)
    {
        _bus.Received = Receive;
        await _bus.ConnectAsync(new BusConnection { Host = "127.0.0.1", Port = port, ClientId = "soak" }, default);
        foreach (var topic in new[] { "ack", "verdict", "results" })
        {
            await _bus.SubscribeAsync(Plc.Root + topic, QualityOfService.AtLeastOnce, default);
        }
    }

    public Task TriggerAsync(int deadlineMs)
    {
        int number;
        lock (_gate)
        {
            number = _sentAt.Count;
            _sentAt.Add(Stopwatch.GetTimestamp());
        }

        var payload = string.Create(CultureInfo.InvariantCulture, $$"""{"plc_epoch": 1, "trigger_id": {{number}}, "deadline_ms": {{deadlineMs}}}""");
        return _bus.PublishAsync(new BusMessage(Plc.Root + "trigger", Encoding.UTF8.GetBytes(payload)), default);
    }

    public ValueTask DisposeAsync() => _bus.DisposeAsync();

    private void Receive(BusMessage message)
    {
        var now = Stopwatch.GetTimestamp();
        using var body = JsonDocument.Parse(message.Payload);
        var number = body.RootElement.GetProperty("trigger_id").GetInt32();
        lock (_gate)
        {
            switch (message.Topic[Plc.Root.Length..])
            {
                case "ack":
                    Add(body.RootElement.GetProperty("status").GetString()!);
                    break;
                case "verdict":
                    Add(body.RootElement.GetProperty("verdict").GetString()!);
                    _latencies.Add(Stopwatch.GetElapsedTime(_sentAt[number], now).TotalMilliseconds);
                    break;
                default:
                    _results.Add(number);
                    break;
            }
        }
    }

    private void Add(string word) => _counts[word] = _counts.GetValueOrDefault(word) + 1;
}
