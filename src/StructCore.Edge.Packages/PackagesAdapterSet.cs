using System.Reflection;
using MQTTnet.Adapter;
using StructCore.Edge.Cameras;
using StructCore.Edge.Packages.LiteDb;
using StructCore.Edge.Packages.MqttNet;
using StructCore.Edge.Storage;
using StructCore.Edge.Triggers;
using StructCore.Vision.Imaging;

namespace StructCore.Edge.Packages;

/// <summary>MQTTnet, LiteDB and OpenCvSharp4.</summary>
internal sealed class PackagesAdapterSet : AdapterSet
{
    private const string NoGenICam = "GenICam cameras need the native adapters: build with -p:Adapters=native on Linux.";

    public override string Name => "packages";

    public override IReadOnlyList<(string Name, string? CameraKind, Func<string> Version)> Libraries { get; } =
    [
        ("MQTTnet", null, () => typeof(MqttChannelAdapter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0]),
        ("LiteDB", null, LiteDbFile.LibraryVersion),
    ];

    public override IImageCodec ImageCodec => throw new NotSupportedException("These adapters have no image codec.");

    public override IMessageBus CreateMessageBus() => new MqttNetMessageBus();

    public override ICamera CreateCamera(CameraOptions options, TimeProvider time) => options.Kind switch
    {
        "genicam" => throw new CameraException($"Camera '{options.Id}' is of kind 'genicam'. {NoGenICam}"),
        _ => throw new NotSupportedException("These adapters have no camera."),
    };

    public override IReadOnlyList<DiscoveredCamera> DiscoverCameras() => throw new CameraException(NoGenICam);

    public override IInspectionStore OpenStore(string path, TimeProvider time) => new LiteDbInspectionStore(path, time);

    public override IInspectionStore ReadStore(string path) => LiteDbInspectionStore.OpenForReading(path);
}
