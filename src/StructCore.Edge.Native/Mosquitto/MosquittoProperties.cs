using System.Runtime.InteropServices;
using StructCore.Edge.Triggers;

namespace StructCore.Edge.Native.Mosquitto;

/// <summary>An MQTT 5 property list of the library, freed on disposal unless given away.</summary>
internal unsafe ref struct MosquittoProperties : IDisposable
{
    private const int MessageExpiryInterval = 2;
    private const int ContentType = 3;
    private const int ResponseTopic = 8;
    private const int CorrelationData = 9;
    private const int SessionExpiryInterval = 17;
    private const int MaximumPacketSize = 39;

    private nint _list;

    public readonly nint List => _list;

    public static MosquittoProperties ForConnect(BusConnection connection)
    {
        var properties = new MosquittoProperties();
        properties.Add(MosquittoLibrary.AddInt32(ref properties._list, SessionExpiryInterval, connection.SessionExpirySeconds), "session expiry");
        if (connection.MaximumPacketBytes is { } bytes)
        {
            properties.Add(MosquittoLibrary.AddInt32(ref properties._list, MaximumPacketSize, (uint)bytes), "maximum packet size");
        }

        return properties;
    }

    public static MosquittoProperties ForMessage(BusMessage message)
    {
        var properties = new MosquittoProperties();
        if (message.ExpirySeconds is { } expiry)
        {
            properties.Add(MosquittoLibrary.AddInt32(ref properties._list, MessageExpiryInterval, expiry), "message expiry");
        }

        if (message.ContentType is { } contentType)
        {
            properties.Add(MosquittoLibrary.AddString(ref properties._list, ContentType, contentType), "content type");
        }

        if (message.ResponseTopic is { } responseTopic)
        {
            properties.Add(MosquittoLibrary.AddString(ref properties._list, ResponseTopic, responseTopic), "response topic");
        }

        if (!message.CorrelationData.IsEmpty)
        {
            BusFailure.RefuseTooLong(message.CorrelationData.Length, "correlation data");
            fixed (byte* data = message.CorrelationData.Span)
            {
                properties.Add(MosquittoLibrary.AddBinary(ref properties._list, CorrelationData, data, (ushort)message.CorrelationData.Length), "correlation data");
            }
        }

        return properties;
    }

    public static BusMessage Read(MosquittoMessage* message, nint properties) =>
        new(MosquittoLibrary.Text(message->Topic), new ReadOnlySpan<byte>(message->Payload, message->PayloadLength).ToArray())
        {
            QualityOfService = (QualityOfService)message->QualityOfService,
            Retain = message->Retain != 0,
            ResponseTopic = ReadString(properties, ResponseTopic),
            CorrelationData = ReadBinary(properties, CorrelationData),
            Expiry = MosquittoLibrary.ReadInt32(properties, MessageExpiryInterval, out var seconds, skipFirst: false) == 0 ? null : TimeSpan.FromSeconds(seconds),
            ContentType = ReadString(properties, ContentType),
        };

    /// <summary>The library owns the list from here on.</summary>
    public void GiveAway() => _list = 0;

    public void Dispose() => MosquittoLibrary.FreeProperties(ref _list);

    private static string? ReadString(nint properties, int identifier)
    {
        byte* text = null;
        MosquittoLibrary.ReadString(properties, identifier, &text, skipFirst: false);
        var result = Marshal.PtrToStringUTF8((nint)text);
        NativeMemory.Free(text);
        return result;
    }

    private static byte[] ReadBinary(nint properties, int identifier)
    {
        byte* data = null;
        MosquittoLibrary.ReadBinary(properties, identifier, &data, out var length, skipFirst: false);
        var result = data is null ? [] : new ReadOnlySpan<byte>(data, length).ToArray();
        NativeMemory.Free(data);
        return result;
    }

    private void Add(int result, string property)
    {
        if (result != MosquittoLibrary.Success)
        {
            Dispose();
            throw new ArgumentException($"The MQTT property '{property}' is refused: {MosquittoLibrary.Text(MosquittoLibrary.ErrorText(result))}");
        }
    }
}
