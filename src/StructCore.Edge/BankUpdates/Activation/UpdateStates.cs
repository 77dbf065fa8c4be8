using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using StructCore.Edge.Triggers;
using StructCore.Edge.Verdicts;

namespace StructCore.Edge.BankUpdates.Activation;

/// <summary>How far every update of a station is, published retained: each change as it happens, and the newest again on every new connection.</summary>
internal sealed class UpdateStates
{
    // Steps of a transfer or a trial that are told.
    private const double Step = 0.05;

    private readonly string _station;
    private readonly StationLink _link;
    private readonly Messages _messages;
    private readonly TimeProvider _time;
    private readonly ILogger<UpdateStates> _log;
    private readonly Lock _gate = new();
    private readonly Dictionary<(UpdateKind, string), UpdateStateBody> _bodies = [];
    private readonly Dictionary<(UpdateKind, string), double> _told = [];

    // The oldest is dropped when nobody reads: the topic is retained, and only whoever watches a publication wants each of them.
    private readonly Channel<UpdateStateBody> _changes = Channel.CreateBounded<UpdateStateBody>(new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropOldest });
    private UpdateStateBody _newest;

    public UpdateStates(string station, StationLink link, Messages messages, TimeProvider time, ILogger<UpdateStates> log)
    {
        (_station, _link, _messages, _time, _log) = (station, link, messages, time, log);
        _newest = new(UpdateKind.Bank, null, UpdateStage.Idle, time.GetUtcNow());
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var body in _changes.Reader.ReadAllAsync(cancellationToken))
        {
            await _link.TryPublishAsync(_messages.UpdateState(body), cancellationToken);
        }
    }

    /// <summary>An update begins, whatever came of one before.</summary>
    public void Begin(UpdateKind kind, string category) =>
        Set((kind, category), new(kind, category.Length == 0 ? null : category, UpdateStage.Verifying, _time.GetUtcNow()));

    /// <summary>Something about an update has changed.</summary>
    public UpdateStateBody Change(UpdateKind kind, string category, Func<UpdateStateBody, UpdateStateBody> change)
    {
        lock (_gate)
        {
            var before = Of(kind, category);
            var after = change(before);
            if (after.Stage != before.Stage)
            {
                after = after with { Since = _time.GetUtcNow(), Progress = null };
            }

            var progressOnly = after.Stage == before.Stage && after with { Progress = null, Shadow = null, Guard = null } == before with { Progress = null, Shadow = null, Guard = null };
            Set((kind, category), after, quiet: progressOnly && after.Progress < 1 && after.Progress - _told.GetValueOrDefault((kind, category)) < Step);
            return after;
        }
    }

    public UpdateStateBody Of(UpdateKind kind, string category)
    {
        lock (_gate)
        {
            return _bodies.TryGetValue((kind, category), out var body) ? body : new(kind, category, UpdateStage.Idle, _time.GetUtcNow());
        }
    }

    /// <summary>Says once more how an update stands, for whoever asked for it again; nothing where it has not begun.</summary>
    public void Repeat(UpdateKind kind, string category)
    {
        lock (_gate)
        {
            if (_bodies.TryGetValue((kind, category), out var body))
            {
                _changes.Writer.TryWrite(body);
            }
        }
    }

    /// <summary>Says the newest once more, for a broker that may have something else.</summary>
    public void Announce()
    {
        lock (_gate)
        {
            _changes.Writer.TryWrite(_newest);
        }
    }

    private static string Subject(UpdateStateBody body)
    {
        var version = body.Version is { } number ? $" v{number}" : "";
        return $"{body.Kind.ToString().ToLowerInvariant()}{(body.Category is null ? "" : $" {body.Category}")}{version}{(body.Calibration is { } calibration ? $" number {calibration}" : "")}";
    }

    private void Set((UpdateKind Kind, string Category) key, UpdateStateBody body, bool quiet = false)
    {
        lock (_gate)
        {
            if (!_bodies.TryGetValue(key, out var before) || before.Stage != body.Stage)
            {
                _log.StageReached(_station, Subject(body), $"{body.Stage.ToString().ToLowerInvariant()}{(body.Reason is null ? "" : $", {body.Reason}")}");
            }

            _bodies[key] = _newest = body;
            if (!quiet)
            {
                _told[key] = body.Progress ?? 0;
                _changes.Writer.TryWrite(body);
            }
        }
    }
}
