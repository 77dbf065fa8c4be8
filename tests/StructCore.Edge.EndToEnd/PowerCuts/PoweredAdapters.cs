using StructCore.Edge;
using StructCore.Edge.Cameras;
using StructCore.Edge.Native;
using StructCore.Edge.Storage;
using StructCore.Edge.Triggers;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.PowerCuts;

/// <summary>The real adapters, and a store that needs power.</summary>
internal sealed class PoweredAdapters(PowerSupply power) : AdapterSet, IDisposable
{
    private readonly NativeAdapterSet _native = new();
    private IInspectionStore? _store;

    public override string Name => _native.Name;

    public override IReadOnlyList<(string Name, string? CameraKind, Func<string> Version)> Libraries => _native.Libraries;

    public override IImageCodec ImageCodec => _native.ImageCodec;

    public override IMessageBus CreateMessageBus() => _native.CreateMessageBus();

    public override ICamera CreateCamera(CameraOptions options, TimeProvider time) => _native.CreateCamera(options, time);

    public override IReadOnlyList<DiscoveredCamera> DiscoverCameras() => _native.DiscoverCameras();

    public override IInspectionStore OpenStore(string path, TimeProvider time) => CuttingStore.Wrap(_store = _native.OpenStore(path, time), power);

    public override IInspectionStore ReadStore(string path) => _native.ReadStore(path);

    public void Dispose() => _store?.Dispose();
}
