namespace StructCore.Edge.Cameras;

/// <summary>From an entry of <c>Cameras</c> to a camera that is not open yet.</summary>
internal sealed class CameraFactory(AdapterSet adapters, TimeProvider time)
{
    public ICamera Create(CameraOptions options) => options.Kind switch
    {
        "folder" => new FolderCamera(options, new TimedImageCodec(adapters.ImageCodec, TimeSpan.FromMilliseconds(options.GrabTimeoutMs), time), time),
        "opencv" or "genicam" => adapters.CreateCamera(options, time),
        var kind => throw new CameraException($"Camera '{options.Id}' is of kind '{kind}'; 'folder', 'opencv' and 'genicam' are known. Set the camera's Kind."),
    };
}
