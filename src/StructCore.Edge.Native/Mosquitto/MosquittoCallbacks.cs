using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace StructCore.Edge.Native.Mosquitto;

/// <summary>Where the library calls in; each finds its bus by the handle given to <see cref="MosquittoLibrary.New"/>. None may throw.</summary>
internal static unsafe class MosquittoCallbacks
{
    public static void Attach(nint client)
    {
        MosquittoLibrary.OnConnect(client, &Connected);
        MosquittoLibrary.OnDisconnect(client, &Disconnected);
        MosquittoLibrary.OnPublish(client, &Published);
        MosquittoLibrary.OnSubscribe(client, &Subscribed);
        MosquittoLibrary.OnUnsubscribe(client, &Unsubscribed);
        MosquittoLibrary.OnMessage(client, &Received);
        MosquittoLibrary.OnLog(client, &Logged);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static int NoPassword(byte* buffer, int size, int writing, void* state) => 0;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Connected(nint client, nint state, int reason, int flags, nint properties) => Bus(state).OnConnected(reason, sessionPresent: (flags & 1) != 0);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Disconnected(nint client, nint state, int reason, nint properties) => Bus(state).OnDisconnected(reason);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Published(nint client, nint state, int messageId, int reason, nint properties) => Bus(state).OnAnswered(messageId, reason);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Subscribed(nint client, nint state, int messageId, int count, int* granted, nint properties) => Bus(state).OnAnswered(messageId, granted[0]);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Unsubscribed(nint client, nint state, int messageId, nint properties) => Bus(state).OnAnswered(messageId, answer: 0);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Received(nint client, nint state, MosquittoMessage* message, nint properties) => Bus(state).OnReceived(message, properties);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Logged(nint client, nint state, int level, byte* text)
    {
        if (level == MosquittoLibrary.LogError)
        {
            Bus(state).OnError(MosquittoLibrary.Text(text));
        }
    }

    private static MosquittoMessageBus Bus(nint state) => GCHandle<MosquittoMessageBus>.FromIntPtr(state).Target;
}
