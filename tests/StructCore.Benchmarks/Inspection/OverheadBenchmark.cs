using System.CommandLine;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using StructCore.Edge.Native.Mosquitto;
using StructCore.Edge.Triggers;

namespace StructCore.Benchmarks.Inspection;

/// <summary>What the agent adds to grabbing and scoring: from the trigger's arrival to the verdict's hand-over to the broker, acceptance and verdict on disk by then.</summary>
internal static class OverheadBenchmark
{
    private const int WarmUps = 40;

    public static Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var triggers = new Option<int>("--triggers") { Description = "how many", DefaultValueFactory = _ => 2000 };
        var rate = new Option<double>("--rate") { Description = "per second", DefaultValueFactory = _ => 20 };
        var command = new RootCommand("Agent overhead per trigger") { triggers, rate };
        command.SetAction(async (parsed, _) => await MeasureAsync(parsed.GetValue(triggers), parsed.GetValue(rate)));
        return command.Parse(arguments).InvokeAsync();
    }

    private static async Task MeasureAsync(int triggers, double rate)
    {
        await using var station = new BenchmarkStation();
        await station.StartAsync();
        await using var plc = new MosquittoMessageBus();
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sent = new long[WarmUps + triggers];
        var verdicts = new List<(JsonElement Timings, double RoundTrip)>();
        plc.Received = message =>
        {
            var now = Stopwatch.GetTimestamp();
            var body = JsonDocument.Parse(message.Payload).RootElement;
            if (message.Topic.EndsWith("/state", StringComparison.Ordinal))
            {
                if (body.GetProperty("state").GetString() == "ready")
                {
                    ready.TrySetResult();
                }

                return;
            }

            if (body.GetProperty("verdict").GetString() == "ERROR")
            {
                all.TrySetException(new InvalidOperationException(body.ToString()));
            }

            verdicts.Add((body.GetProperty("timings_ms"), Stopwatch.GetElapsedTime(sent[body.GetProperty("trigger_id").GetInt32()], now).TotalMilliseconds));
            if (verdicts.Count == sent.Length)
            {
                all.TrySetResult();
            }
        };
        await plc.ConnectAsync(new BusConnection { Host = "127.0.0.1", Port = station.Port, ClientId = "plc" }, default);
        await plc.SubscribeAsync(BenchmarkStation.Root + "verdict", QualityOfService.AtLeastOnce, default);
        await plc.SubscribeAsync(BenchmarkStation.Root + "state", QualityOfService.AtLeastOnce, default);
        await ready.Task;

        using var beat = new PeriodicTimer(TimeSpan.FromSeconds(1 / rate));
        for (var i = 0; i < sent.Length && await beat.WaitForNextTickAsync(); i++)
        {
            sent[i] = Stopwatch.GetTimestamp();
            await plc.PublishAsync(new BusMessage(BenchmarkStation.Root + "trigger", Encoding.UTF8.GetBytes($$"""{"plc_epoch": 1, "trigger_id": {{i}}}""")), default);
        }

        await all.Task;
        Report(verdicts.Skip(WarmUps), rate);
    }

    private static void Report(IEnumerable<(JsonElement Timings, double RoundTrip)> verdicts, double rate)
    {
        var all = verdicts.Select(v =>
        {
            double Of(string stage) => v.Timings.GetProperty(stage).GetDouble();
            var work = Of("grab") + Of("features") + Of("score");
            return (Overhead: Of("total") - work, Queue: Of("queue"), Store: Of("store"), Work: work, Wire: v.RoundTrip - Of("total"));
        }).ToArray();
        Console.WriteLine($"{all.Length} triggers at {rate} per second, milliseconds      p50      p99      max");
        Print("overhead: received to handed over, less grab and scoring", all.Select(a => a.Overhead));
        Print("  queue: until the inspection begins, acceptance written", all.Select(a => a.Queue));
        Print("  store: acceptance and verdict on disk", all.Select(a => a.Store));
        Print("grab, features and score", all.Select(a => a.Work));
        Print("publish: both ways through broker and network", all.Select(a => a.Wire));
    }

    private static void Print(string name, IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        double At(double share) => sorted[Math.Min((int)(share * sorted.Length), sorted.Length - 1)];
        Console.WriteLine($"{name,-58} {At(0.5),8:F2} {At(0.99),8:F2} {sorted[^1],8:F2}");
    }
}
