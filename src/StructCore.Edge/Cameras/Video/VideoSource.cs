using System.Globalization;
using System.Text.RegularExpressions;
using StructCore.Edge.Configuration;

namespace StructCore.Edge.Cameras.Video;

/// <summary>A camera's source, understood: a device index or node, an address, a pipeline or a file.</summary>
internal sealed partial record VideoSource(VideoSourceKind Kind, string Name, int Device)
{
    /// <summary>Frames come by themselves and grow old; a file's wait.</summary>
    public bool IsLive => Kind != VideoSourceKind.File;

    /// <summary>What someone should look at when it does not work.</summary>
    public string Remedy => Kind switch
    {
        VideoSourceKind.Device when OperatingSystem.IsWindows() => "Check the cable, the Device Manager, that Windows' privacy settings let programs use cameras and that no other one has it open.",
        VideoSourceKind.Device => "Check the cable, 'ls -l /dev/video*', that the user is in the group 'video' and that no other program has the device open.",
        VideoSourceKind.Stream => "Check the address, user and password, and that the camera answers on the network.",
        VideoSourceKind.Pipeline => "Check it with gst-launch-1.0, that it ends in 'appsink', and that the plugins are installed.",
        _ => "Check the path, its permissions and that it is a video.",
    };

    public static VideoSource Parse(string source)
    {
        if (int.TryParse(source, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
        {
            return new VideoSource(VideoSourceKind.Device, OperatingSystem.IsWindows() ? $"camera {index}" : $"/dev/video{index}", index);
        }

        if (source.StartsWith("/dev/", StringComparison.Ordinal))
        {
            // Names like /dev/v4l/by-id/... are links that stay the same when cables are moved.
            var node = File.Exists(source) ? File.ResolveLinkTarget(source, returnFinalTarget: true)?.FullName ?? source : source;
            var number = VideoNode().Match(node).Groups[1].Value;
            return new VideoSource(VideoSourceKind.Device, source, number.Length > 0 ? int.Parse(number, CultureInfo.InvariantCulture) : -1);
        }

        // An address first: a password may hold a '!'.
        var kind = Scheme().IsMatch(source) ? VideoSourceKind.Stream : source.Contains('!') ? VideoSourceKind.Pipeline : VideoSourceKind.File;
        return new VideoSource(kind, source, -1);
    }

    /// <summary>Whether a file or device is plainly not there; addresses, pipelines and numbered series are only known once opened.</summary>
    public bool IsMissing() => Kind switch
    {
        VideoSourceKind.Device => Device < 0 || (!OperatingSystem.IsWindows() && !File.Exists(Name)),
        VideoSourceKind.File => !Name.Contains('%') && !File.Exists(Name),
        _ => false,
    };

    /// <summary>The name as messages may show it: without user and password.</summary>
    public override string ToString() => Kind is VideoSourceKind.Stream or VideoSourceKind.Pipeline ? Credentials.Mask(Name) : Name;

    [GeneratedRegex(@"^/dev/video(\d{1,6})$")]
    private static partial Regex VideoNode();

    [GeneratedRegex(@"^[a-z][a-z0-9+.-]*://", RegexOptions.IgnoreCase)]
    private static partial Regex Scheme();
}
