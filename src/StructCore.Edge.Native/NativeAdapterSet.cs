using StructCore.Edge.Cameras;
using StructCore.Edge.Native.OpenCv;
using StructCore.Edge.Storage;
using StructCore.Edge.Triggers;
using StructCore.Vision.Imaging;

namespace StructCore.Edge.Native;

/// <summary>libmosquitto, SQLite and OpenCV.</summary>
internal sealed class NativeAdapterSet : AdapterSet
{
    public override string Name => "native";

    public override IImageCodec ImageCodec { get; } = new OpenCvImageCodec();

    public override IMessageBus CreateMessageBus() => throw new NotSupportedException();

    public override ICamera CreateCamera(CameraOptions options, TimeProvider time) => throw new NotSupportedException();

    public override IInspectionStore OpenStore(string path, TimeProvider time) => throw new NotSupportedException();
}
