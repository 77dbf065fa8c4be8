using System.Runtime.InteropServices;
using StructCore.Edge.Triggers;

namespace StructCore.Edge.Native.Mosquitto;

/// <summary>The library's reasons in words.</summary>
internal static class MosquittoFailure
{
    private const int KeepAliveExceeded = 19;

    /// <param name="reason">MQTT's refusal, or the library's own error number below.</param>
    public static unsafe string Describe(int reason) => reason switch
    {
        MosquittoLibrary.SystemError => Marshal.GetLastPInvokeErrorMessage(),
        KeepAliveExceeded => BusFailure.KeepAliveExceeded,
        _ when BusFailure.IsRefusal(reason) => BusFailure.Describe(MosquittoLibrary.Text(MosquittoLibrary.ReasonText(reason)), reason),
        _ => MosquittoLibrary.Text(MosquittoLibrary.ErrorText(reason)).TrimEnd('.'),
    };

    public static MessageBusException LibraryMissing(Exception inner) => new(
        $"The MQTT client library '{MosquittoLibrary.Name}' is missing. Install the package libmosquitto1 (scripts/setup does).", inner);
}
