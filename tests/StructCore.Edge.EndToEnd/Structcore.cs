using StructCore.Edge;
using StructCore.Edge.Native;
using StructCore.Edge.Native.OpenCv;
using StructCore.Vision.Imaging;

namespace StructCore.Tests;

/// <summary>The built executable, and the adapters it was built with: <c>STRUCTCORE_ADAPTERS</c> names them, <c>native</c> or <c>packages</c>.</summary>
internal static class Structcore
{
    /// <summary>Why tests with a camera over HTTP need the native adapters.</summary>
    public const string NoNetworkCamera = "OpenCvSharp4's OpenCV for Linux reads no streams from the network";

    private const string Native = "native";
    private static readonly string Built = Environment.GetEnvironmentVariable("STRUCTCORE_ADAPTERS") is { Length: > 0 } name ? name : Native;
    private static readonly string Folder = Path.Combine(SharedFiles.Repository, "artifacts", Built == Native ? "" : Built, "bin", "StructCore.Edge", "release");

    public static bool IsNative => Built == Native;

    public static string Executable { get; } = Path.Combine(Folder, "structcore");

    /// <summary>What can read the store that the executable writes. For images it is not: two sets' OpenCV in one process do not get along.</summary>
    public static AdapterSet Adapters { get; } = IsNative ? new NativeAdapterSet() : AdapterSet.Load(Path.Combine(Folder, "adapters"));

    /// <summary>For the images that tests make and look at.</summary>
    public static IImageCodec Codec { get; } = new OpenCvImageCodec();

    public static ToolProcess Start(params IEnumerable<string> arguments) => new(Executable, arguments);

    /// <summary>Runs one verb to its end.</summary>
    public static async Task<(int Code, string Output, string Error)> RunAsync(params IEnumerable<string> arguments)
    {
        await using var process = Start(arguments);
        var code = await process.WaitAsync();
        return (code, process.Output, process.Error);
    }
}
