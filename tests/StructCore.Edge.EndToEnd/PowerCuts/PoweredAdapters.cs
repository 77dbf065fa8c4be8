using StructCore.Edge;
using StructCore.Edge.Cameras;
using StructCore.Edge.Storage;
using StructCore.Edge.Triggers;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.PowerCuts;

/// <summary>The real adapters, and a store that needs power.</summary>
internal sealed class PoweredAdapters(PowerSupply power) : AdapterSet, IDisposable
{
    private static readonly AdapterSet Real = Structcore.Adapters;
    private IInspectionStore? _store;

    public override string Name => Real.Name;

    public override IReadOnlyList<(string Name, string? CameraKind, Func<string> Version)> Libraries => Real.Libraries;

    public override IImageCodec ImageCodec => Real.ImageCodec;

    public override IMessageBus CreateMessageBus() => Real.CreateMessageBus();

    public override ICamera CreateCamera(CameraOptions options, TimeProvider time) => Real.CreateCamera(options, time);

    public override IReadOnlyList<DiscoveredCamera> DiscoverCameras() => Real.DiscoverCameras();

    public override IInspectionStore OpenStore(string path, TimeProvider time) => CuttingStore.Wrap(_store = Real.OpenStore(path, time), power);

    public override IInspectionStore ReadStore(string path) => Real.ReadStore(path);

    public void Dispose() => _store?.Dispose();
}
