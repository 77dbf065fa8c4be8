using System.Runtime.InteropServices;
using OpenCvSharp;

namespace StructCore.Edge.Packages.OpenCvSharp;

/// <summary>The OpenCV that OpenCvSharp4 brings.</summary>
internal static class OpenCvLibrary
{
    private static readonly string Needs = OperatingSystem.IsWindows()
        ? "It lies in adapters/, and needs the Visual C++ runtime and, on a Windows Server, its feature Server-Media-Foundation"
        : "It lies in adapters/, and needs GTK 3 though nothing is shown: on Debian, apt install libgtk-3-0";

    /// <summary>To be called before anything else: only what needs the library, 114 MB, loads it.</summary>
    /// <exception cref="DllNotFoundException">It cannot be loaded; one line says why, and what it needs.</exception>
    public static void Load()
    {
        try
        {
            // Failures are returned, so OpenCV need not print them as well.
            Cv2.SetLogLevel(LogLevel.SILENT);
        }
        catch (TypeInitializationException e) when (e.GetBaseException() is DllNotFoundException missing)
        {
            // Without the one it comes from, whose many lines doctor would show instead.
            throw new DllNotFoundException($"OpenCvSharpExtern cannot be loaded: {missing.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]}. {Needs}.");
        }
    }

    public static string Version()
    {
        Load();
        return Cv2.GetVersionString() ?? "unknown";
    }

    /// <summary>Whether OpenCV refused what it was given. OpenCvSharp has three ways to say so; the last is Windows', where it catches nothing of C++.</summary>
    public static bool Refused(Exception e) => e is OpenCVException or OpenCvSharpException or SEHException;
}
