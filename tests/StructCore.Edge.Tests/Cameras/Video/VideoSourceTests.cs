using StructCore.Edge.Cameras.Video;

namespace StructCore.Tests.Cameras.Video;

public sealed class VideoSourceTests
{
    [Theory]
    [InlineData("0", "Device")]
    [InlineData("/dev/video2", "Device")]
    [InlineData("/dev/v4l/by-id/usb-camera", "Device")]
    [InlineData("rtsp://user:pa!ss@10.0.0.5/stream", "Stream")]
    [InlineData("HTTP://10.0.0.5/video", "Stream")]
    [InlineData("rtspsrc location=rtsp://10.0.0.5 ! decodebin ! appsink", "Pipeline")]
    [InlineData("/data/shift.avi", "File")]
    [InlineData("frame_%03d.png", "File")]
    public void Parse_Source_IsOfItsKind(string source, string kind) => Assert.Equal(kind, VideoSource.Parse(source).Kind.ToString());

    [Theory]
    [InlineData("3", 3)]
    [InlineData("/dev/video12", 12)]
    [InlineData("/dev/video", -1)]
    public void Parse_Device_HasItsIndex(string source, int index) => Assert.Equal(index, VideoSource.Parse(source).Device);

    [Theory]
    [InlineData("rtsp://admin:se@cret@10.0.0.5:554/stream@1", "rtsp://10.0.0.5:554/stream@1")]
    [InlineData("rtsp://admin:se/cret@10.0.0.5/stream", "rtsp://10.0.0.5/stream")]
    [InlineData("rtsp://10.0.0.5:554/stream@1", "rtsp://10.0.0.5:554/stream@1")]
    [InlineData("rtspsrc location=rtsp://admin:secret@10.0.0.5/1 ! appsink", "rtspsrc location=rtsp://10.0.0.5/1 ! appsink")]
    [InlineData("rtspsrc location=rtsp://c user-id=admin user-pw = \"se cret\" ! appsink", "rtspsrc location=rtsp://c user-id=*** user-pw = *** ! appsink")]
    public void ToString_Address_HidesUserAndPassword(string source, string shown) => Assert.Equal(shown, VideoSource.Parse(source).ToString());
}
