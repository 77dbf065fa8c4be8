using Microsoft.Extensions.Logging;
using StructCore.Edge.Telemetry;

namespace StructCore.Edge.Operator;

/// <summary>Tells the service manager that the stations are warm, what state they are in, and that they live: the watchdog starves only where a restart could help.</summary>
/// <param name="stations">How every station is now.</param>
/// <param name="watchdog">The longest silence the manager bears; null: it does not watch.</param>
internal sealed class ServiceReporter(NotifySocket manager, TimeSpan? watchdog, Func<IEnumerable<StationReport>> stations, TimeProvider time, ILogger<ServiceReporter> log)
{
    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(1);
    private bool _ready;
    private string _status = "";
    private string? _failure;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // A quarter of what the manager bears: one tick may be late, and one datagram lost.
        using var timer = new PeriodicTimer(watchdog / 4 is { } quarter && quarter < LongestInterval ? quarter : LongestInterval, time);
        do
        {
            Report();
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>Says what is due now.</summary>
    public void Report()
    {
        var reports = stations().ToArray();
        var status = string.Join("; ", reports.Select(Describe));
        if (status != _status)
        {
            Send("STATUS", status);
            _status = status;
        }

        if (!_ready && reports.All(r => r.State != OperatingState.Preoperational))
        {
            Send("READY", "1");
            _ready = true;
        }

        if (watchdog is not null && reports.All(r => r.IsLive))
        {
            Send("WATCHDOG", "1");
        }
    }

    /// <summary>The agent is about to end, because it was told to or because it must.</summary>
    public void Stopping() => Send("STOPPING", "1");

    private static string Describe(StationReport report) =>
        $"{report.Station} {report.State.ToString().ToLowerInvariant()}{string.Concat(report.Faults.Select(f => $", {f.Name}: {f.Text}"))}";

    private void Send(string name, string value)
    {
        var failure = manager.Send(name, value);
        if (failure is not null && failure != _failure)
        {
            log.ManagerNotTold(name, failure);
        }

        _failure = failure;
    }
}
