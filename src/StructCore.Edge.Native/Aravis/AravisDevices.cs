using StructCore.Edge.Cameras;

namespace StructCore.Edge.Native.Aravis;

/// <summary>The cameras Aravis finds on the network and the USB.</summary>
internal static class AravisDevices
{
    /// <summary>The oldest version with everything that is called here.</summary>
    private const string OldestVersion = "0.8.23";

    // Aravis keeps one list, which every update replaces while it is read by index.
    private static readonly Lock Gate = new();

    /// <summary>Asks on every network interface and waits a second for answers; blocks so long.</summary>
    public static IReadOnlyList<DiscoveredCamera> Discover() => Guard(() =>
    {
        lock (Gate)
        {
            AravisLibrary.UpdateDeviceList();
            return Enumerable.Range(0, (int)AravisLibrary.DeviceCount()).Select(i => Describe((uint)i)).OrderBy(c => c.Address, StringComparer.Ordinal).ThenBy(c => c.Serial, StringComparer.Ordinal).ToArray();
        }
    });

    /// <summary>Runs what calls Aravis; where the library is missing, says which package brings it.</summary>
    /// <exception cref="CameraException">The library is missing or too old.</exception>
    public static T Guard<T>(Func<T> body)
    {
        try
        {
            return body();
        }
        catch (DllNotFoundException e)
        {
            throw new CameraException($"The GenICam library '{AravisLibrary.Name}' is missing. Install the package libaravis-0.8-0 (scripts/setup does).", e);
        }
        catch (EntryPointNotFoundException e)
        {
            throw new CameraException($"The GenICam library '{AravisLibrary.Name}' is too old: {e.Message} Install the package libaravis-0.8-0 in version {OldestVersion} or newer.", e);
        }
    }

    private static DiscoveredCamera Describe(uint index) => new(
        AravisLibrary.Text(AravisLibrary.DeviceId(index)),
        AravisLibrary.Text(AravisLibrary.DeviceVendor(index)),
        AravisLibrary.Text(AravisLibrary.DeviceModel(index)),
        AravisLibrary.Text(AravisLibrary.DeviceSerial(index)),
        AravisLibrary.Text(AravisLibrary.DevicePhysicalId(index)),
        AravisLibrary.Text(AravisLibrary.DeviceAddress(index)),
        AravisLibrary.Text(AravisLibrary.DeviceProtocol(index)));
}
