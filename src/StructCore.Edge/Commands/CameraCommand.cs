using System.CommandLine;

namespace StructCore.Edge.Commands;

/// <summary><c>camera</c>: finds and tries cameras while a station is set up.</summary>
internal static class CameraCommand
{
    public static Command Create() => new("camera", "Find cameras on the network and try those that are configured.")
    {
        CameraListCommand.Create(),
        CameraGrabCommand.Create(),
    };
}
