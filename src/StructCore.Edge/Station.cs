using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using StructCore.Edge.BankUpdates.Activation;
using StructCore.Edge.Cameras;
using StructCore.Edge.Drift;
using StructCore.Edge.Evidence;
using StructCore.Edge.Inspection;
using StructCore.Edge.Operator;
using StructCore.Edge.Telemetry;
using StructCore.Edge.Triggers;
using StructCore.Edge.Verdicts;
using StructCore.Vision.Inference;

namespace StructCore.Edge;

/// <summary>One inspection station: puts its parts together, runs them, and leaves politely.</summary>
internal sealed class Station : IDisposable
{
    private const string Restarted = "agent_restarted: the agent ended before the verdict";
    private const string Stopped = "agent_stopped: the agent was shut down";
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FlushTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan EvidenceTime = TimeSpan.FromSeconds(10);

    private readonly StationOptions _options;
    private readonly StationServices _shared;
    private readonly StationState _state;
    private readonly StationLink _link;
    private readonly PendingInspections _pendings;
    private readonly InspectionPipeline _pipeline;
    private readonly InspectionWorker _worker;
    private readonly TriggerIntake _intake;
    private readonly CommandIntake _commands;
    private readonly CommandWorker _commandWorker;
    private readonly ShareMember? _share;
    private readonly BrokerConnector _connector;
    private readonly OutboxPublisher _outbox;
    private readonly DeliverySettler _settler;
    private readonly VerdictPublisher _verdicts;
    private readonly EvidenceWriter? _evidence;
    private readonly StationUpdates _updates;
    private readonly StatePublisher _states;
    private readonly CameraStatePublisher _cameraStates;
    private readonly Heartbeat _heartbeat;
    private readonly ChannelReader<PendingInspection> _queue;
    private volatile string? _brokenLoop;

    public Station(StationOptions options, BrokerOptions broker, BankSet banks, StationServices shared)
    {
        (_options, _shared) = (options, shared);
        var (name, time, store, epoch) = (options.Name, shared.Time, shared.Store, shared.AgentEpoch);
        var topics = new StationTopics(options.Site, options.Line, options.Id, options.Share);
        var messages = new Messages(topics);

        // The intake counts before it writes and answers busy, so that this channel is never found full.
        var queue = Channel.CreateBounded<PendingInspection>(new BoundedChannelOptions(options.QueueCapacity) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true, SingleWriter = true });

        _queue = queue.Reader;
        _state = new StationState(epoch, time);
        _link = new StationLink(name, time, shared.Logs.CreateLogger<StationLink>());
        _pendings = new PendingInspections(TimeSpan.FromMilliseconds(options.DeadlineMarginMs));
        _pipeline = new InspectionPipeline(shared.Cameras, options.Camera, shared.Scorer, banks, _link, messages, time);
        _worker = new InspectionWorker(name, queue.Reader, _pipeline, _pendings, _state, shared.Logs.CreateLogger<InspectionWorker>());
        _intake = new TriggerIntake(options, _pipeline, queue, _pendings, store, shared.Health, _state, topics, _link, messages, time, shared.Logs.CreateLogger<TriggerIntake>());
        _outbox = new OutboxPublisher(name, epoch, TimeSpan.FromMilliseconds(options.ResultsPauseMs), store, shared.Health, _link, messages, time, shared.Logs.CreateLogger<OutboxPublisher>());
        Func<BusConnection> describe = () => BusConnectionFactory.Create(broker, ClientId(options), keepSession: !topics.IsShared, messages.State(_state.Offline));
        _updates = new StationUpdates(options, shared, _pipeline, topics, _link, messages, describe);
        _evidence = shared.Evidence is { } archive ? new EvidenceWriter(name, archive, store, shared.Disk, shared.Scorer.Backbone, shared.Codec, _state, time, shared.Logs.CreateLogger<EvidenceWriter>()) : null;
        _settler = new DeliverySettler(name, _pendings, _outbox, shared.Instruments, shared.Logs.CreateLogger<DeliverySettler>());
        _verdicts = new VerdictPublisher(name, epoch, options.PublishCode, _pendings, store, shared.Health, _settler, _link, messages, _state, _evidence, _updates.Watch, _updates.Drift, time, shared.Logs.CreateLogger<VerdictPublisher>());
        _share = topics.IsShared ? new ShareMember(name, topics, _state, _link, shared.Logs.CreateLogger<ShareMember>()) : null;
        _states = new StatePublisher(_state, _link, messages);
        _cameraStates = new CameraStatePublisher([.. shared.Cameras.Values], _link, messages, time);
        SelfCheck = new SelfCheck(
            () => new("loops", _brokenLoop, Restart: true),
            () => new("inspection_loop", _worker.IsStuck ? "an inspection is past its deadline and does not come back" : null, Restart: true),
            () => new("camera", Camera.Failure, Restart: false),
            CheckStore,
            () => new("disk", shared.Disk.Failure, Restart: false));
        var replies = new CommandReplies(name, _link, shared.Logs.CreateLogger<CommandReplies>());
        _commands = new CommandIntake(name, topics, replies, shared.Logs.CreateLogger<CommandIntake>());
        _commandWorker = new CommandWorker(name, _commands.Waiting, Commands(), replies, shared.Logs.CreateLogger<CommandWorker>());
        _heartbeat = new Heartbeat(name, epoch, SelfCheck, shared.Instruments, _link, messages, time);
        _connector = new BrokerConnector(
            name,
            shared.CreateBus,
            describe,
            topics,
            _link,
            _state,
            _intake,
            _commands.Receive,
            _updates.Receive,
            _updates.Filters,
            time,
            shared.Logs.CreateLogger<BrokerConnector>());
    }

    public SelfCheck SelfCheck { get; }

    public string Name => _options.Name;

    /// <summary>The banks of the next inspection.</summary>
    public BankSet Banks
    {
        get => _pipeline.Banks;
        set => _pipeline.Banks = value;
    }

    /// <summary>Evidence images that should have been kept and were not.</summary>
    public long EvidenceLost => _evidence?.Lost ?? 0;

    /// <summary>Inspections that a bank in the shadow, or on probation, was too slow to see.</summary>
    public long InspectionsUnseen => _updates.Watch.Dropped;

    /// <summary>How the accepted parts of every category lie beside its calibration images, categories that are not watched aside.</summary>
    public IEnumerable<(string Category, DriftBody Drift)> Drifts =>
        from category in Banks.Categories let drift = _updates.Drift.Of(category) where drift is not null select (category, drift);

    /// <summary>Accepted triggers that wait.</summary>
    public int QueueDepth => _queue.Count;

    public StationReport Report()
    {
        var items = SelfCheck.Run();
        var state = _state.Current;
        return new(Name, state.State, state.Since, state.Faults, items, QueueDepth);
    }

    private SharedCamera Camera => _shared.Cameras[_options.Camera];

    /// <summary>Runs until <paramref name="stopping"/>, then finishes what was accepted, says offline and leaves.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        await using var connection = new LoopGroup();
        await using var work = new LoopGroup();
        WatchCamera();
        WatchDisk();
        OnceConnected();
        AnswerWhatWasLeft();
        work.Start(_worker.RunAsync);
        work.Start(_verdicts.RunAsync);
        work.Start(_settler.RunAsync);
        work.Start(_outbox.RunAsync);
        work.Start(_states.RunAsync);
        work.Start(_cameraStates.RunAsync);
        work.Start(_heartbeat.RunAsync);
        work.Start(_commandWorker.RunAsync);
        work.Start(_updates.RunAsync);
        if (_evidence is not null)
        {
            work.Start(_evidence.RunAsync);
        }

        if (_share is not null)
        {
            work.Start(_share.RunAsync);
        }

        connection.Start(_connector.RunAsync);
        await _pipeline.RehearseAsync(Banks, stopping);
        _state.SetWarm();

        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var _ = stopping.Register(stopped.SetResult);
        var first = await Task.WhenAny(stopped.Task, connection.Broken, work.Broken);
        _brokenLoop = first.Exception?.GetBaseException().Message;
        await LeaveAsync(work, connection);
        await first;
    }

    public void Dispose()
    {
        _share?.Dispose();
        _updates.Dispose();
    }

    private Dictionary<string, Func<JsonElement, CancellationToken, Task<CommandReply>>> Commands()
    {
        var selfTest = new SelfTest(SelfCheck, _pipeline);
        var replay = new VerdictReplay(_options.Name, _shared.Replayer);
        return new(StringComparer.Ordinal)
        {
            ["self_test"] = (_, stopping) => selfTest.RunAsync(stopping),
            ["reload"] = _updates.ReloadAsync,
            ["replay"] = replay.RunAsync,
            ["rollback"] = _updates.RollbackAsync,
            ["teach"] = _updates.TeachAsync,
        };
    }

    private static string ClientId(StationOptions options) =>
        $"structcore-{options.Site}-{options.Line}-{options.Id}{(options.Share is { } share ? $"-{share.Instance}" : "")}";

    private async Task LeaveAsync(LoopGroup work, LoopGroup connection)
    {
        _state.SetStopping();
        if (_share is not null)
        {
            // The others take over before this one refuses anything.
            using var limit = new CancellationTokenSource(FlushTime, _shared.Time);
            await _share.FollowAsync(limit.Token);
        }

        if (!work.Broken.IsCompleted)
        {
            await _pendings.DrainAsync(StopGrace, Stopped, _shared.Time);
        }

        _intake.Close();
        if (!work.Broken.IsCompleted)
        {
            // One more may have come in before the intake knew.
            await _pendings.DrainAsync(TimeSpan.Zero, Stopped, _shared.Time);
        }

        await work.StopAsync();
        var evidence = _evidence?.FinishAsync(EvidenceTime) ?? Task.CompletedTask;

        using var flush = new CancellationTokenSource(FlushTime, _shared.Time);
        await _outbox.FlushAsync(flush.Token);
        await _cameraStates.SayOfflineAsync(flush.Token);

        await evidence;
        await connection.StopAsync();
    }

    private SelfCheckItem CheckStore()
    {
        var failure = _shared.Health.Check();
        _state.SetFault(Fault.Store, failure);
        return new("store", failure, Restart: false);
    }

    private void WatchCamera()
    {
        Camera.Changed += () => _state.SetFault(Fault.Camera, Camera.Failure);
        _state.SetFault(Fault.Camera, Camera.Failure);
    }

    private void WatchDisk()
    {
        _shared.Disk.Changed += () => _state.SetFault(Fault.DiskFull, _shared.Disk.Failure);
        _state.SetFault(Fault.DiskFull, _shared.Disk.Failure);
    }

    private void OnceConnected()
    {
        _link.Up += _state.Announce;
        _link.Up += _outbox.Wake;
        _link.Up += _cameraStates.Announce;
        _link.Up += _updates.Announce;
        var before = false;
        _link.Up += () =>
        {
            if (before)
            {
                _shared.Instruments.Reconnected(Name);
            }

            before = true;
        };
        if (_share is not null)
        {
            _link.Up += _share.Wake;
            _state.Changed += _share.Wake;
        }
    }

    // What a crash left behind gets its one verdict now: on the verdict topic if the broker is back before the deadline, else as a late result.
    private void AnswerWhatWasLeft()
    {
        var now = _shared.Time.GetUtcNow();
        foreach (var trigger in _shared.Store.Unanswered().Where(t => t.Station == _options.Name))
        {
            // Only the wall clock outlives an agent. Where it was set back meanwhile, nothing is known: the deadline counts as past.
            var remaining = now < trigger.ReceivedAt ? TimeSpan.Zero : trigger.Deadline - now;
            var pending = new PendingInspection(trigger, remaining, _shared.Time, _shared.Time.GetTimestamp());
            _link.Up += () => _pendings.Decide(pending, Outcome.Error(Restarted));
            _pendings.Add(pending, Restarted);
        }
    }
}
