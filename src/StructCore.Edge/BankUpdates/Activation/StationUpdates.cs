using System.Text.Json;
using Microsoft.Extensions.Logging;
using StructCore.Edge.Drift;
using StructCore.Edge.Inspection;
using StructCore.Edge.Operator;
using StructCore.Edge.Storage;
using StructCore.Edge.Triggers;
using StructCore.Edge.Verdicts;

namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>Everything that changes or watches the banks of one station, put together.</summary>
internal sealed class StationUpdates : IDisposable
{
    private readonly StationBanks _banks;
    private readonly BankStates _bankStates;
    private readonly UpdateStates _states;
    private readonly BankGuard _guard;
    private readonly BankReload _reload;
    private readonly BankRollback _rollback;
    private readonly BankTeach _teach;
    private readonly UpdateIntake? _intake;
    private readonly UpdateLane? _lane;
    private readonly UpdateWorker? _worker;
    private readonly ILogger<StationUpdates> _log;

    /// <param name="describe">The station's connection.</param>
    public StationUpdates(StationOptions options, StationServices shared, InspectionPipeline pipeline, StationTopics topics, StationLink link, Messages messages, Func<BusConnection> describe)
    {
        var (name, store, time, logs, updates) = (options.Name, shared.Store, shared.Time, shared.Logs, shared.Updates);
        _log = logs.CreateLogger<StationUpdates>();
        _banks = new StationBanks(options, pipeline, shared.Scorer.Backbone, store, time, logs.CreateLogger<StationBanks>());
        updates.Add(_banks);
        Drift = new DriftWatch(name, shared.Drift, _banks.Active, logs.CreateLogger<DriftWatch>());
        Drift.Resume(store);
        _bankStates = new BankStates(_banks, Drift, link, messages);
        _states = new UpdateStates(name, link, messages, time, logs.CreateLogger<UpdateStates>());
        Watch = new InspectionWatch(pipeline);
        _guard = new BankGuard(updates.Options, _banks, shared.Library, Watch, _states, shared.Instruments, store, time, logs.CreateLogger<BankGuard>());
        _reload = new BankReload(options, new StandingChoice(shared.Library, store, time, logs.CreateLogger<StandingChoice>()), _banks, pipeline, logs.CreateLogger<BankReload>());
        _rollback = new BankRollback(_banks, _guard, shared.Library, time);
        _teach = new BankTeach(name, shared, new EditionActivation(updates, _banks, _guard, pipeline, shared.Library, time), _banks);
        if (updates.Trust is not { } trust)
        {
            return;
        }

        var structure = new StructuralCheck(shared.Scorer.Backbone, ProgramVersion.Release);
        var memory = new MemoryCheck();
        var check = new ReleaseCheck(options, trust, _banks, structure, memory, store, time, logs.CreateLogger<ReleaseCheck>());
        var desk = new PackageDesk(name, updates.Fetcher, updates.SourceOf(topics, shared.CreateBus, describe, time), updates.Shelf, memory, updates.Files, _states);
        var intake = _intake = new UpdateIntake(name, topics, _states.Repeat, time, logs.CreateLogger<UpdateIntake>());
        var lane = _lane = new UpdateLane(intake.Wake);
        var bank = new BankUpdate(
            updates, check, desk, structure, new ParityGate(shared.Scorer, options), new ShadowRun(updates.Options, _banks, Watch, lane, _states, time),
            new BankActivation(check, _banks, updates.Shelf, _guard, _states, time), _banks, _bankStates, _states);
        var calibration = new CalibrationUpdate(trust, _banks, _guard, _states, store, time);
        _worker = new UpdateWorker(_banks, intake, lane, new TrustUpdate(name, trust, _states), calibration, bank, _guard, updates.Shelf, _states, shared.Instruments, store, logs.CreateLogger<UpdateWorker>());
        Filters = [topics.Trust, topics.CalibrationFilter, topics.DesiredFilter];

        // What was refused for want of trust, or because another bank decided, may be taken now.
        trust.Changed += () => intake.Reconsider((_, _, refusal) => refusal is UpdateRefusal.WrongKey or UpdateRefusal.BadSignature or UpdateRefusal.TooFewSignatures or UpdateRefusal.RevokedKey or UpdateRefusal.Expired or UpdateRefusal.TrustExpired);
        _banks.Changed += intake.BanksChanged;
        _banks.Changed += category => intake.Reconsider((kind, of, refusal) => kind == UpdateKind.Calibration && of == category && refusal == UpdateRefusal.WrongBank);
        _guard.Ended += _ => intake.Wake();
    }

    /// <summary>Where inspections are shown once their verdicts are out.</summary>
    public InspectionWatch Watch { get; }

    /// <summary>What compares the parts that are accepted with the calibration images.</summary>
    public DriftWatch Drift { get; }

    /// <summary>What to subscribe to; nothing where there are no remote updates.</summary>
    public IReadOnlyList<string> Filters { get; } = [];

    /// <summary>Called on the bus's own thread with what came on <see cref="Filters"/>.</summary>
    public void Receive(BusMessage message) => _intake?.Receive(message);

    public Task<CommandReply> ReloadAsync(JsonElement arguments, CancellationToken cancellationToken) => _reload.RunAsync(cancellationToken);

    public Task<CommandReply> RollbackAsync(JsonElement arguments, CancellationToken cancellationToken) => _rollback.RunAsync(arguments, cancellationToken);

    public Task<CommandReply> TeachAsync(JsonElement arguments, CancellationToken cancellationToken) => _teach.RunAsync(arguments, cancellationToken);

    /// <summary>Says everything once more, for a broker that may have something else.</summary>
    public void Announce()
    {
        _bankStates.Announce();
        if (_worker is not null)
        {
            _states.Announce();
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var loops = new LoopGroup();
        _guard.Resume();
        loops.Start(_bankStates.RunAsync);
        loops.Start(_states.RunAsync);
        loops.Start(_guard.RunAsync);
        if (_worker is not null)
        {
            loops.Start(_worker.RunAsync);
        }

        try
        {
            await loops.Broken.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await loops.StopAsync();
            LeavePolitely();
            throw;
        }
    }

    public void Dispose()
    {
        _lane?.Dispose();
        _banks.Dispose();
    }

    // A start that ended like this tells nothing against a bank on probation.
    private void LeavePolitely()
    {
        try
        {
            foreach (var standing in _banks.Standings.Where(s => s.ProbationStarts > 0))
            {
                _banks.Note(standing with { ProbationStarts = 0 }, null);
            }
        }
        catch (InspectionStoreException e)
        {
            _log.NotStored(_banks.Station, "every category on probation", e.Message);
        }
    }
}
