using StructCore.Edge.Cameras;
using StructCore.Edge.Cameras.Video;
using StructCore.Edge.Native.Aravis;
using StructCore.Edge.Native.Mosquitto;
using StructCore.Edge.Native.OpenCv;
using StructCore.Edge.Native.Sqlite;
using StructCore.Edge.Storage;
using StructCore.Edge.Triggers;
using StructCore.Vision.Imaging;

namespace StructCore.Edge.Native;

/// <summary>libmosquitto, SQLite, OpenCV and Aravis.</summary>
internal sealed class NativeAdapterSet : AdapterSet
{
    public override string Name => "native";

    public override IReadOnlyList<(string Name, string? CameraKind, Func<string> Version)> Libraries { get; } =
    [
        ("libmosquitto", null, MosquittoLibrary.Version),
        ("SQLite", null, StoreFile.LibraryVersion),
        ("OpenCV", null, Shim.OpenCvVersion),
        ("Aravis", "genicam", AravisVersion.Text),
    ];

    public override IImageCodec ImageCodec { get; } = new OpenCvImageCodec();

    public override IMessageBus CreateMessageBus() => new MosquittoMessageBus();

    public override ICamera CreateCamera(CameraOptions options, TimeProvider time) => options.Kind switch
    {
        "genicam" => new GenICamCamera(options, time),
        _ => new VideoCamera(options, OpenCvCapture.Open, time),
    };

    public override IReadOnlyList<DiscoveredCamera> DiscoverCameras() => AravisDevices.Discover();

    public override IInspectionStore OpenStore(string path, TimeProvider time) => new SqliteInspectionStore(path, time);

    public override IInspectionStore ReadStore(string path) => SqliteInspectionStore.OpenForReading(path);
}
