using StructCore.Edge.Configuration;
using StructCore.Edge.Replay;
using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;
using StructCore.Vision.Imaging;

namespace StructCore.Edge.Commands;

/// <summary>Parts that an agent accepted and whose frames it kept as evidence; the agent may run.</summary>
internal sealed class AcceptedParts : IDisposable
{
    private readonly IInspectionStore _store;
    private readonly string _folder;

    /// <param name="config">The agent's configuration.</param>
    /// <exception cref="CommandFailedException">The agent keeps no images.</exception>
    public AcceptedParts(string config)
    {
        var options = AgentConfiguration.Load(config).Options;
        _folder = options.Evidence.Folder ?? throw new CommandFailedException($"The agent of '{config}' keeps no images of parts. Set Evidence:Folder, and Evidence:AcceptSampling to the share of accepted parts that is kept; or name a folder with --images.");
        _store = AdapterSet.Current.ReadStore(options.Store.Path);
    }

    /// <summary>Those of one category, in the order they were inspected.</summary>
    /// <param name="since">Earlier ones are left out.</param>
    /// <exception cref="CommandFailedException">There are none.</exception>
    public IReadOnlyList<InspectionRecord> Of(string category, DateTimeOffset? since)
    {
        var records =
            from file in _store.OldestEvidence(int.MaxValue)
            where file.Kind == EvidenceKind.Frame
            from record in _store.Records(file.Sequence - 1, 1)
            where record.Sequence == file.Sequence && record.Verdict is { Decision: Decision.Accept } accepted && accepted.Category == category && (since is null || record.DecidedAt >= since)
            orderby record.Sequence
            select record;
        return records.ToArray() is { Length: > 0 } found
            ? found
            : throw new CommandFailedException($"No frame of an accepted '{category}'{(since is null ? "" : $" since {since:u}")} is kept in '{_folder}'. Evidence:AcceptSampling says how large a share is kept; wait for more parts, or name a folder with --images.");
    }

    /// <exception cref="CommandFailedException">The frame is gone, or not the one that was written.</exception>
    public RgbImage Load(InspectionRecord record)
    {
        var frame = StoredFrame.Read(_store, _folder, AdapterSet.Current.ImageCodec, record);
        return frame.Image ?? throw new CommandFailedException($"The part of trigger {record.Trigger.TriggerId}, record {record.Sequence}, is left without a frame: {frame.Message}");
    }

    public void Dispose() => _store.Dispose();
}
