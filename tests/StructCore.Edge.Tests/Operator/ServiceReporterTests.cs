using Microsoft.Extensions.Logging.Abstractions;
using StructCore.Edge;
using StructCore.Edge.Cameras;
using StructCore.Edge.Operator;
using StructCore.Tests.Fakes;

namespace StructCore.Tests.Operator;

public sealed class ServiceReporterTests : IDisposable
{
    private const string Alive = "WATCHDOG=1";
    private const string Ready = "READY=1";
    private static readonly TimeSpan Watchdog = TimeSpan.FromSeconds(2);
    private readonly NotifyListener _manager = new();
    private int _marks;

    public void Dispose() => _manager.Dispose();

    [Fact]
    public async Task Ready_IsSaidOnce_AndOnlyWhenTheStationIsWarm()
    {
        using var go = new SemaphoreSlim(0);
        var harness = new StationHarness();
        harness.Extractor.During = _ => go.Wait();
        await using var station = await harness.StartAsync("preoperational");
        var reporter = Reporter(station);
        Assert.Equal(["STATUS=plant/line/one preoperational", Alive], await SaidAsync(reporter));

        var ready = station.NextStateAsync("ready");
        station.Extractor.During = null;
        go.Release();
        await ready;

        Assert.Equal(["STATUS=plant/line/one ready", Ready, Alive], await SaidAsync(reporter));
        Assert.Equal([Alive], await SaidAsync(reporter));
    }

    [Fact]
    public async Task Watchdog_InspectionHangs_StarvesUntilItComesBack()
    {
        using var begun = new SemaphoreSlim(0);
        using var go = new SemaphoreSlim(0);
        await using var station = await new StationHarness().StartAsync();
        var reporter = Reporter(station);
        station.Extractor.During = _ =>
        {
            begun.Release();
            go.Wait();
        };
        station.Trigger("a");
        await begun.WaitAsync();
        Assert.Contains(Alive, await SaidAsync(reporter));

        station.Time.Advance(TimeSpan.FromMilliseconds(1950));
        await station.VerdictAsync("a");
        station.Time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.DoesNotContain(Alive, await SaidAsync(reporter));

        var ready = station.NextStateAsync("ready");
        station.Extractor.During = null;
        go.Release();
        await ready;
        Assert.Contains(Alive, await SaidAsync(reporter));
    }

    [Fact]
    public async Task Watchdog_CameraUnplugged_IsFedAllTheSame()
    {
        await using var station = await new StationHarness().StartAsync();
        var error = station.NextStateAsync("error");

        // The grab fails, and soon after the attempt to open the camera again: the same to say at either time.
        station.Camera.OpenFailure = "no signal";
        station.Camera.Show(GrabResult.Failed("no signal"));
        station.Trigger("a");
        await error;

        var said = await SaidAsync(Reporter(station));
        Assert.Contains(Alive, said);
        Assert.Contains("STATUS=plant/line/one error, camera_failed: no signal", said);
    }

    [Fact]
    public async Task Watchdog_Loop_FeedsAtAQuarterOfWhatTheManagerBears()
    {
        await using var station = await new StationHarness().StartAsync();
        await using var loops = new LoopGroup();
        var begun = station.Time.WaitBegunAsync(Watchdog / 4);
        loops.Start(Reporter(station).RunAsync);
        await begun;
        for (var fed = 2; fed < 5; fed++)
        {
            station.Time.Advance(Watchdog / 4);
            await _manager.WaitAsync(Alive, fed);
        }
    }

    [Fact]
    public async Task Watchdog_NobodyWatches_IsNotFed()
    {
        await using var station = await new StationHarness().StartAsync();
        Assert.DoesNotContain(Alive, await SaidAsync(Reporter(station, watchdog: null)));
    }

    [Fact]
    public async Task Stopping_IsSaid()
    {
        await using var station = await new StationHarness().StartAsync();
        Reporter(station).Stopping();
        await _manager.WaitAsync("STOPPING=1");
    }

    /// <summary>What one report says.</summary>
    private async Task<IReadOnlyList<string>> SaidAsync(ServiceReporter reporter)
    {
        var before = _manager.Received.Count;
        reporter.Report();

        // Datagrams keep their order: what comes after this was not said.
        var mark = (++_marks).ToString(System.Globalization.CultureInfo.InvariantCulture);
        new NotifySocket(_manager.Address).Send("MARK", mark);
        await _manager.WaitAsync($"MARK={mark}");
        return [.. _manager.Received.Skip(before).Select(r => r.Message).SkipLast(1)];
    }

    private ServiceReporter Reporter(StationHarness station) => Reporter(station, Watchdog);

    private ServiceReporter Reporter(StationHarness station, TimeSpan? watchdog) =>
        new(new NotifySocket(_manager.Address), watchdog, () => [station.Station.Report()], station.Time, NullLogger<ServiceReporter>.Instance);
}
