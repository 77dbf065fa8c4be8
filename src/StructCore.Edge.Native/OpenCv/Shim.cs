using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using StructCore.Edge.Cameras;
using StructCore.Edge.Cameras.Video;

namespace StructCore.Edge.Native.OpenCv;

/// <summary>The exported functions of the shim, see shim.hpp for the rules of the border.</summary>
internal static unsafe partial class Shim
{
    public const int ErrorSize = 512;

    private const string Library = "structcore_opencv";

    /// <summary>The reason the shim left in an error buffer.</summary>
    public static string Reason(byte* error) => Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(error));

    public static string OpenCvVersion() => Marshal.PtrToStringUTF8((nint)Version())!;

    [LibraryImport(Library, EntryPoint = "sc_image_decode")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int ImageDecode(byte* encoded, int length, int height, int width, byte* rgb, byte* error);

    [LibraryImport(Library, EntryPoint = "sc_image_encode", StringMarshalling = StringMarshalling.Utf8)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int ImageEncode(byte* rgb, int height, int width, string extension, int quality, out nint buffer, out byte* bytes, out int length, byte* error);

    [LibraryImport(Library, EntryPoint = "sc_buffer_free")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial void BufferFree(nint buffer);

    [LibraryImport(Library, EntryPoint = "sc_pixels_to_rgb")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int PixelsToRgb(byte* pixels, long step, int height, int width, CameraPixelFormat format, byte* rgb, byte* error);

    [LibraryImport(Library, EntryPoint = "sc_capture_open", StringMarshalling = StringMarshalling.Utf8)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int CaptureOpen(VideoSourceKind kind, string source, int device, int openTimeoutMs, int readTimeoutMs, out nint capture, byte* error);

    [LibraryImport(Library, EntryPoint = "sc_capture_grab")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int CaptureGrab(nint capture, byte* error);

    [LibraryImport(Library, EntryPoint = "sc_capture_held_back")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int CaptureHeldBack(nint capture);

    [LibraryImport(Library, EntryPoint = "sc_capture_retrieve")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int CaptureRetrieve(nint capture, out int height, out int width, byte* error);

    [LibraryImport(Library, EntryPoint = "sc_capture_copy")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int CaptureCopy(nint capture, byte* rgb, byte* error);

    [LibraryImport(Library, EntryPoint = "sc_capture_close")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial void CaptureClose(nint capture);

    [LibraryImport(Library, EntryPoint = "sc_opencv_version")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial byte* Version();
}
