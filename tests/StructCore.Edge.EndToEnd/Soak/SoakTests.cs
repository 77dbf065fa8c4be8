using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace StructCore.Tests.Soak;

/// <summary>Hours of a line in short: triggers at a steady rate, everything on, and what the agent holds must not grow.</summary>
[Trait("Suite", "soak")]
public sealed class SoakTests(FittedParts parts)
{
    private const int DeadlineMs = 2000;
    private const double Growth = 0.05;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WarmUp = TimeSpan.FromMinutes(2);

    // A shorter run is hardly warm: its memory is shown and not judged.
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Agent_UnderSteadyLoad_HoldsNoMoreAtTheEndThanAfterItsWarmUp()
    {
        var minutes = Setting("STRUCTCORE_SOAK_MINUTES", Environment.GetEnvironmentVariable("STRUCTCORE_FULL") == "1" ? 20 : 0);
        var rate = Setting("STRUCTCORE_SOAK_RATE", 20);
        Assert.SkipUnless(minutes > 0, "takes long: scripts/soak, or scripts/test --full");

        await using var broker = await MosquittoBroker.StartAsync();
        using var line = new Line(parts, broker.Port);
        var http = LoopbackPort.Free();
        line.Configure(c =>
        {
            c["Cameras"]![0]!["Source"] = parts.Sure;
            c["Evidence"] = new System.Text.Json.Nodes.JsonObject { ["Folder"] = "evidence" };
            c["Http"] = new System.Text.Json.Nodes.JsonObject { ["Enabled"] = true, ["Port"] = http };
        });
        await using var plc = new SoakPlc();
        await plc.ConnectAsync(broker.Port);
        await using var agent = line.StartAgent();
        using var health = new HealthClient(http);
        await health.UntilAsync("ready", a => a.Status == "ready");

        var start = Stopwatch.GetTimestamp();
        List<ProcessSample> samples = [];
        using var sampling = new CancellationTokenSource();
        var sampler = SampleAsync(sampling.Token);
        var sent = 0;
        using (var beat = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / rate)))
        {
            List<Task> sending = [];
            while (sent < (int)(minutes * 60 * rate) && await beat.WaitForNextTickAsync())
            {
                // A tick that came late is made up for: it is the rate that counts.
                for (; sent < Stopwatch.GetElapsedTime(start).TotalSeconds * rate; sent++)
                {
                    sending.RemoveAll(t => t.IsCompletedSuccessfully);
                    sending.Add(plc.TriggerAsync(DeadlineMs));
                }
            }

            await Task.WhenAll(sending);
        }

        var accepted = plc.Count("accepted");
        await health.UntilAsync("ready", _ => plc.Results >= (accepted = plc.Count("accepted")) && accepted + plc.Count("busy") >= sent);
        await sampling.CancelAsync();
        await sampler;
        Assert.Equal(0, await agent.StopAsync());

        var table = Table(samples, plc, sent, Stopwatch.GetElapsedTime(start));
        TestContext.Current.TestOutputHelper?.WriteLine(table);
        if (Environment.GetEnvironmentVariable("STRUCTCORE_SOAK_TABLE") is { Length: > 0 } path)
        {
            await File.WriteAllTextAsync(path, table);
        }

        Assert.Empty(agent.Error);
        Assert.Equal(accepted, plc.Results);
        Assert.Equal(accepted, line.Stored().Decided);
        Assert.True(accepted > 0 && plc.Count("ACCEPT") > 0 && plc.Count("REJECT") > 0, table);
        var (before, after) = Ends(samples);
        Assert.True(after.Min(s => s.Handles) <= before.Max(s => s.Handles), $"Handles grow.\n{table}");
        Assert.True(after.Min(s => s.Threads) <= before.Max(s => s.Threads), $"Threads grow.\n{table}");
        Assert.True(samples[^1].At < Shortest || after.Average(s => s.ResidentMegabytes) < (1 + Growth) * before.Average(s => s.ResidentMegabytes), $"Memory grows.\n{table}");

        async Task SampleAsync(CancellationToken stop)
        {
            using var timer = new PeriodicTimer(Pause);
            try
            {
                while (await timer.WaitForNextTickAsync(stop))
                {
                    var outbox = (await health.AskAsync("live")).Body.GetProperty("outbox_size").GetInt64();
                    samples.Add(ProcessSample.Take(agent.Id, Stopwatch.GetElapsedTime(start), outbox));
                }
            }
            catch (OperationCanceledException)
            {
            }
        }
    }

    private static double Setting(string name, double otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? double.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    // The first minute after the warm-up and the last minute; in a run that is hardly longer than the warm-up, its second and its last quarter.
    private static (ProcessSample[] Before, ProcessSample[] After) Ends(List<ProcessSample> samples)
    {
        var end = samples[^1].At;
        var (from, length) = end > Shortest ? (WarmUp, TimeSpan.FromMinutes(1)) : (end / 4, end / 4);
        return ([.. samples.Where(s => s.At >= from && s.At < from + length)], [.. samples.Where(s => s.At > end - length)]);
    }

    private static string Table(List<ProcessSample> samples, SoakPlc plc, int sent, TimeSpan took)
    {
        var (before, after) = Ends(samples);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            | | after the warm-up | at the end | highest |
            |---|---|---|---|
            | memory (Rss), MB | {before.Average(s => s.ResidentMegabytes):F1} | {after.Average(s => s.ResidentMegabytes):F1} | {samples.Max(s => s.ResidentMegabytes):F1} |
            | of it anonymous, MB | {before.Average(s => s.AnonymousMegabytes):F1} | {after.Average(s => s.AnonymousMegabytes):F1} | {samples.Max(s => s.AnonymousMegabytes):F1} |
            | handles | {before.Average(s => s.Handles):F0} | {after.Average(s => s.Handles):F0} | {samples.Max(s => s.Handles)} |
            | threads | {before.Average(s => s.Threads):F0} | {after.Average(s => s.Threads):F0} | {samples.Max(s => s.Threads)} |
            | outbox, records | {before.Average(s => s.Outbox):F0} | {after.Average(s => s.Outbox):F0} | {samples.Max(s => s.Outbox)} |

            """);
        var latencies = plc.Latencies.Order().ToArray();
        double Quantile(double p) => latencies.Length == 0 ? 0 : latencies[(int)(p * (latencies.Length - 1))];
        text.Append(CultureInfo.InvariantCulture, $"""

            {sent} triggers in {took.TotalMinutes:F1} minutes ({sent / took.TotalSeconds:F1} per second): {plc.Count("accepted")} accepted, {plc.Count("busy")} busy; {plc.Count("ACCEPT")} ACCEPT, {plc.Count("REJECT")} REJECT, {plc.Count("ERROR")} ERROR; trigger to verdict p50 {Quantile(0.5):F0} ms, p99 {Quantile(0.99):F0} ms, longest {Quantile(1):F0} ms.

            """);
        return text.ToString();
    }
}
