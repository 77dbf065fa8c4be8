using System.Runtime.InteropServices;

namespace StructCore.Edge.Native.Mosquitto;

/// <summary>The library's <c>struct mosquitto_message</c>; owned by the library, valid during the callback.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MosquittoMessage
{
    public int MessageId;
    public byte* Topic;
    public byte* Payload;
    public int PayloadLength;
    public int QualityOfService;
    public byte Retain;
}
