using System.Runtime.InteropServices;
using OpenCvSharp;

namespace StructCore.Edge.Packages.OpenCvSharp;

/// <summary>The OpenCV that OpenCvSharp4 brings.</summary>
internal static class OpenCvLibrary
{
    // Failures are returned, so OpenCV need not print them as well.
    static OpenCvLibrary() => Cv2.SetLogLevel(LogLevel.SILENT);

    /// <summary>To be called before any of its functions: only what needs the library, 114 MB, loads it.</summary>
    public static void Load()
    {
        // The static constructor has done it.
    }

    public static string Version() => Cv2.GetVersionString() ?? "unknown";

    /// <summary>Whether OpenCV refused what it was given. OpenCvSharp has three ways to say so; the last is Windows', where it catches nothing of C++.</summary>
    public static bool Refused(Exception e) => e is OpenCVException or OpenCvSharpException or SEHException;
}
