using StructCore.Vision.Imaging;

namespace StructCore.Edge.Cameras;

/// <summary>Makes a frame of a captured image: cut to the camera's region of interest where it has one.</summary>
internal static class FrameRegion
{
    public static GrabResult ToFrame(CameraOptions camera, string frameId, RgbImage image, DateTimeOffset capturedAt, long timestamp)
    {
        if (camera.Region is not { } region)
        {
            return GrabResult.Of(new Frame(frameId, image, capturedAt, timestamp));
        }

        if (region.X < 0 || region.Y < 0 || region.Width <= 0 || region.Height <= 0 || region.X > image.Width - region.Width || region.Y > image.Height - region.Height)
        {
            return GrabResult.Failed($"Camera '{camera.Id}': frame '{frameId}' is {image.Height} x {image.Width} pixels (height x width), its region of {region.Height} x {region.Width} at x {region.X}, y {region.Y} does not lie inside. Set the camera's Region.");
        }

        using var whole = image;
        return GrabResult.Of(new Frame(frameId, whole.Cut(region.X, region.Y, region.Width, region.Height), capturedAt, timestamp));
    }
}
