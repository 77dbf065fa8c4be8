using System.Reflection;
using System.Runtime.Loader;
using StructCore.Edge.Cameras;
using StructCore.Edge.Storage;
using StructCore.Edge.Triggers;
using StructCore.Vision.Imaging;

namespace StructCore.Edge;

/// <summary>
/// The adapters behind the seams, one assembly in the <c>adapters</c> folder beside the executable.
/// The executable knows none of them: it loads the assembly that the build put there.
/// </summary>
public abstract class AdapterSet
{
    private static readonly Lazy<AdapterSet> Loaded = new(() => Load(Path.Combine(AppContext.BaseDirectory, "adapters")));

    /// <summary>The set the build chose, loaded on first use.</summary>
    /// <exception cref="InvalidOperationException">Not one adapter assembly lies beside the executable.</exception>
    public static AdapterSet Current => Loaded.Value;

    /// <summary>Short name for logs and <c>doctor</c>: <c>native</c> or <c>packages</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The native libraries behind the adapters, each with the camera kind that alone needs it, or null, and how to ask its version: that throws where it cannot be loaded.</summary>
    public abstract IReadOnlyList<(string Name, string? CameraKind, Func<string> Version)> Libraries { get; }

    /// <summary>Image codec; thread-safe.</summary>
    public abstract IImageCodec ImageCodec { get; }

    /// <summary>A message bus that is not connected yet.</summary>
    public abstract IMessageBus CreateMessageBus();

    /// <summary>A camera of kind <c>opencv</c> or <c>genicam</c>; the folder camera needs no adapter.</summary>
    public abstract ICamera CreateCamera(CameraOptions options, TimeProvider time);

    /// <summary>The GenICam cameras that answer; blocks for a second or two.</summary>
    /// <exception cref="CameraException">The library for them is missing.</exception>
    public abstract IReadOnlyList<DiscoveredCamera> DiscoverCameras();

    /// <summary>Opens or creates the store, migrates it, and fails with a message that names path and remedy where it cannot be written.</summary>
    public abstract IInspectionStore OpenStore(string path, TimeProvider time);

    /// <summary>One moment of a store that an agent may be writing to: creates, migrates and changes nothing, and every write throws.</summary>
    /// <exception cref="InspectionStoreException">Not there, not readable, or of another schema version.</exception>
    public abstract IInspectionStore ReadStore(string path);

    /// <summary>The set in <paramref name="folder"/>; a process loads no set twice, and the OpenCV of only one.</summary>
    /// <exception cref="InvalidOperationException">Not one adapter assembly lies there.</exception>
    internal static AdapterSet Load(string folder)
    {
        string[] found = Directory.Exists(folder) ? Directory.GetFiles(folder, "StructCore.Edge.*.dll") : [];
        if (found is not [var path])
        {
            throw new InvalidOperationException(found.Length == 0
                ? $"No adapters in '{folder}'. Build the whole solution (scripts/setup does), or copy the adapters folder beside the executable."
                : $"More than one adapter set in '{folder}': {string.Join(", ", found.Select(Path.GetFileName))}. Delete the folder and build again.");
        }

        // The adapters bring their own packages and native libraries; everything shared comes from the executable.
        var resolver = new AssemblyDependencyResolver(path);
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            resolver.ResolveAssemblyToPath(name) is { } managed ? context.LoadFromAssemblyPath(managed) : null;
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) =>
            resolver.ResolveUnmanagedDllToPath(name) is { } native ? System.Runtime.InteropServices.NativeLibrary.Load(native) : 0;
        var set = AssemblyLoadContext.Default.LoadFromAssemblyPath(path).GetTypes().Single(t => t.IsSubclassOf(typeof(AdapterSet)));
        return (AdapterSet)Activator.CreateInstance(set, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, null, null, null)!;
    }
}
