using Microsoft.Extensions.Logging;
using StructCore.Edge.BankUpdates.Activation;
using StructCore.Edge.Cameras;
using StructCore.Edge.Drift;
using StructCore.Edge.Evidence;
using StructCore.Edge.Inspection;
using StructCore.Edge.Replay;
using StructCore.Edge.Storage;
using StructCore.Edge.Telemetry;
using StructCore.Edge.Triggers;
using StructCore.Vision.Imaging;

namespace StructCore.Edge;

/// <summary>What the stations of one agent share.</summary>
internal sealed record StationServices(
    long AgentEpoch,
    IInspectionStore Store,
    SharedScorer Scorer,
    BankLibrary Library,
    IReadOnlyDictionary<string, SharedCamera> Cameras,
    Func<IMessageBus> CreateBus,
    IImageCodec Codec,
    EvidenceArchive? Evidence,
    DiskGuard Disk,
    Replayer Replayer,
    AgentUpdates Updates,
    TimeProvider Time,
    ILoggerFactory Logs)
{
    public StoreHealth Health { get; } = new(Store, Time);

    public Instruments Instruments { get; } = new();

    public DriftOptions Drift { get; init; } = new();
}
