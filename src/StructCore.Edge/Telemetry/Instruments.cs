using System.Diagnostics.Metrics;
using StructCore.Edge.BankUpdates.Activation;
using StructCore.Edge.Drift;
using StructCore.Edge.Storage;

namespace StructCore.Edge.Telemetry;

/// <summary>
/// Everything the agent measures of itself. Costs next to nothing while nobody listens, and never waits for who does. No label is taken from a
/// payload: stations and cameras come from the configuration, categories from banks, reasons are cut down to their code.
/// </summary>
internal sealed class Instruments : IDisposable
{
    public const string MeterName = "StructCore.Edge";

    private const string StationLabel = "station";
    private const string CameraLabel = "camera";
    private const string KindLabel = "kind";

    // From half a millisecond, where storing lies, to the longest deadline.
    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60] };
    private static readonly InstrumentAdvice<double> Scores = new() { HistogramBucketBoundaries = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] };

    // Fine around 1, where the decision falls.
    private static readonly InstrumentAdvice<double> Ratios = new() { HistogramBucketBoundaries = [0.1, 0.25, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1, 1.05, 1.1, 1.25, 1.5, 2, 3, 5, 10] };

    private readonly Histogram<double> _total;
    private readonly Histogram<double> _stages;
    private readonly Histogram<double> _scores;
    private readonly Histogram<double> _ratios;
    private readonly Counter<long> _verdicts;
    private readonly Counter<long> _failedChecks;
    private readonly Counter<long> _reconnects;
    private readonly Counter<long> _updates;

    public Instruments()
    {
        _total = Meter.CreateHistogram("structcore.inspection.duration", "s", "From the receipt of a trigger until its verdict was stored.", advice: Seconds);
        _stages = Meter.CreateHistogram("structcore.inspection.stage.duration", "s", "Time in one stage: queue, grab, features, score, store, publish.", advice: Seconds);
        _scores = Meter.CreateHistogram("structcore.inspection.score", null, "Hybrid scores of inspected parts.", advice: Scores);
        _ratios = Meter.CreateHistogram("structcore.inspection.score_ratio", null, "Scores divided by their threshold; above 1 is rejected.", advice: Ratios);
        _verdicts = Meter.CreateCounter<long>("structcore.verdicts", null, "Verdicts by category, decision and code of the reason.");
        _failedChecks = Meter.CreateCounter<long>("structcore.self_check.failures", null, "Heartbeats that stood still, by the part of the self-check that failed.");
        _reconnects = Meter.CreateCounter<long>("structcore.broker.reconnects", null, "Connections to the broker after the first.");
        _updates = Meter.CreateCounter<long>("structcore.bank.updates", null, "Messages about banks, by kind and what came of them: taken, refused, confirmed, withdrawn.");
    }

    /// <summary>One per agent, so that two of them in a process are told apart.</summary>
    public Meter Meter { get; } = new(MeterName, ProgramVersion.Number);

    /// <summary>One verdict is settled, so long after its trigger was received.</summary>
    public void Inspected(InspectionRecord record, TimeSpan age)
    {
        var publish = record.Delivered ? age - TimeSpan.FromMilliseconds(record.Verdict.Timings.Total) : TimeSpan.Zero;
        var (verdict, station) = (record.Verdict, Label(StationLabel, record.Trigger.Station));
        var category = Label("category", verdict.Category ?? "none");
        _verdicts.Add(1, station, category, Label("decision", verdict.Decision.ToString().ToLowerInvariant()), Label("reason", ReasonCode.Of(verdict.Reason)));
        _total.Record(verdict.Timings.Total / 1000, station);
        foreach (var (stage, milliseconds) in InspectionTrace.Stages(verdict.Timings, publish))
        {
            _stages.Record(milliseconds / 1000, station, Label("stage", stage));
        }

        if (verdict is { Score: { } score, Threshold: { } threshold })
        {
            _scores.Record(score, station, category);
            _ratios.Record(score / threshold, station, category);
        }

        InspectionTrace.Record(record, publish);
    }

    public void SelfChecked(string station, IReadOnlyList<SelfCheckItem> items)
    {
        foreach (var item in items)
        {
            if (item.Failure is not null)
            {
                _failedChecks.Add(1, Label(StationLabel, station), Label("item", item.Name));
            }
        }
    }

    public void Updated(string station, UpdateKind kind, string outcome) =>
        _updates.Add(1, Label(StationLabel, station), Label(KindLabel, kind.ToString().ToLowerInvariant()), Label("outcome", outcome));

    public void Reconnected(string station) => _reconnects.Add(1, Label(StationLabel, station));

    /// <summary>Has the agent asked for what is measured when somebody collects.</summary>
    public void Observe(Agent agent)
    {
        Observe(agent.Stations);
        Meter.CreateObservableGauge("structcore.outbox.size", () => Known(agent.OutboxSize), null, "Records that wait for the broker's acknowledgement.");
        Meter.CreateObservableGauge("structcore.store.size", () => Known(agent.StoreBytes), "By", "Disk space of the store, its log included.");
        Meter.CreateObservableCounter("structcore.camera.frames", () => agent.Cameras.Select(c => new Measurement<long>(c.Counters.Frames, Label(CameraLabel, c.Id))), null, "Complete frames.");
        Meter.CreateObservableCounter("structcore.camera.losses", () => agent.Cameras.SelectMany(c => Losses(c.Id, c.Counters)), null, "What a camera lost, by kind.");
    }

    /// <summary>Has stations asked, as <see cref="Observe(Agent)"/> does.</summary>
    public void Observe(IReadOnlyList<Station> stations)
    {
        Meter.CreateObservableGauge("structcore.queue.depth", () => stations.Select(s => new Measurement<int>(s.QueueDepth, Label(StationLabel, s.Name))), null, "Accepted triggers that wait.");
        Meter.CreateObservableCounter("structcore.evidence.dropped", () => stations.Select(s => new Measurement<long>(s.EvidenceLost, Label(StationLabel, s.Name))), null, "Evidence images that should have been kept and were not.");
        Meter.CreateObservableGauge("structcore.bank.version", () => stations.SelectMany(s => s.Banks.Banks.Select(b => new Measurement<int>(b.Manifest.Version, Label(StationLabel, s.Name), Label("category", b.Manifest.Category)))), null, "Version of the bank that decides.");
        Meter.CreateObservableGauge("structcore.bank.drift", () => stations.SelectMany(s => s.Drifts.Select(d => new Measurement<int>(d.Drift.State == DriftState.Suspected ? 1 : 0, Label(StationLabel, s.Name), Label("category", d.Category)))), null, "1 where accepted parts no longer look like the calibration images.");
        Meter.CreateObservableGauge("structcore.bank.drift.above", () => stations.SelectMany(s => s.Drifts.SelectMany(d => Above(s.Name, d.Category, d.Drift))), null, "Share of pairs in which a recent accepted part lies above a calibration image, by score and route_distance; 0.5 where nothing has changed.");
        Meter.CreateObservableCounter("structcore.bank.unseen", () => stations.Select(s => new Measurement<long>(s.InspectionsUnseen, Label(StationLabel, s.Name))), null, "Inspections that shadow or guard did not see, since they were slower than the line.");
    }

    public void Dispose() => Meter.Dispose();

    private static IEnumerable<Measurement<long>> Losses(string camera, Cameras.CameraCounters counters) =>
    [
        new(counters.IncompleteBuffers, Label(CameraLabel, camera), Label(KindLabel, "incomplete_buffer")),
        new(counters.LostPackets, Label(CameraLabel, camera), Label(KindLabel, "lost_packet")),
        new(counters.Stale, Label(CameraLabel, camera), Label(KindLabel, "stale")),
        new(counters.Frozen, Label(CameraLabel, camera), Label(KindLabel, "frozen")),
        new(counters.Black, Label(CameraLabel, camera), Label(KindLabel, "black")),
        new(counters.Reconnects, Label(CameraLabel, camera), Label(KindLabel, "reconnect")),
    ];

    private static IEnumerable<Measurement<double>> Above(string station, string category, DriftBody drift) =>
        drift is not { Score: { } score, RouteDistance: { } routeDistance } ? [] :
        [
            new(score.Above, Label(StationLabel, station), Label("category", category), Label(KindLabel, "score")),
            new(routeDistance.Above, Label(StationLabel, station), Label("category", category), Label(KindLabel, "route_distance")),
        ];

    private static IEnumerable<Measurement<long>> Known(long? value) => value is { } known ? [new(known)] : [];

    private static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);
}
