using StructCore.Edge.Cameras;
using StructCore.Edge.Cameras.Video;
using StructCore.Edge.Packages.LiteDb;
using StructCore.Edge.Packages.MqttNet;
using StructCore.Edge.Packages.OpenCvSharp;
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
        ("MQTTnet", null, MqttNetMessageBus.LibraryVersion),
        ("LiteDB", null, LiteDbFile.LibraryVersion),
        ("OpenCV (OpenCvSharp4)", null, OpenCvLibrary.Version),
    ];

    public override IImageCodec ImageCodec { get; } = new OpenCvSharpImageCodec();

    public override IMessageBus CreateMessageBus() => new MqttNetMessageBus();

    public override ICamera CreateCamera(CameraOptions options, TimeProvider time) => options.Kind switch
    {
        "genicam" => throw new CameraException($"Camera '{options.Id}' is of kind 'genicam'. {NoGenICam}"),
        _ => new VideoCamera(options, OpenCvSharpCapture.Open, time),
    };

    public override IReadOnlyList<DiscoveredCamera> DiscoverCameras() => throw new CameraException(NoGenICam);

    public override IInspectionStore OpenStore(string path, TimeProvider time) => new LiteDbInspectionStore(path, time);

    public override IInspectionStore ReadStore(string path) => LiteDbInspectionStore.OpenForReading(path);
}
