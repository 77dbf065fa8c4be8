using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace StructCore.Edge.Native.Aravis;

/// <summary>
/// Asks a GigE Vision camera who controls it, on a socket of its own. Aravis keeps its own socket locked for 2.5 s while a camera does not
/// answer and reports the loss of one after 5 s: too late for a line.
/// </summary>
internal sealed class GvcpProbe(IPAddress address) : IDisposable
{
    private const int Port = 3956;
    private const ushort AskForAnswer = 0x4201;
    private const ushort ReadRegister = 0x0080;
    private const ushort ReadRegisterAnswer = 0x0081;
    private const uint ControlChannelPrivilege = 0x0A00;
    private const uint HeldMask = 0b11;
    private const int AnswerMilliseconds = 250;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = AnswerMilliseconds };
    private ushort _number;

    // Not the socket's own property, which a refused packet clears.
    private bool _isConnected;

    /// <summary>Blocks until it answers, for a quarter of a second at most.</summary>
    public Answer Ask()
    {
        // Zero is not a valid number.
        _number = (ushort)(_number % ushort.MaxValue + 1);
        Span<byte> request = stackalloc byte[12];
        BinaryPrimitives.WriteUInt16BigEndian(request, AskForAnswer);
        BinaryPrimitives.WriteUInt16BigEndian(request[2..], ReadRegister);
        BinaryPrimitives.WriteUInt16BigEndian(request[4..], sizeof(uint));
        BinaryPrimitives.WriteUInt16BigEndian(request[6..], _number);
        BinaryPrimitives.WriteUInt32BigEndian(request[8..], ControlChannelPrivilege);
        Span<byte> answer = stackalloc byte[512];
        try
        {
            if (!_isConnected)
            {
                _socket.Connect(address, Port);
                _isConnected = true;
            }

            _socket.Send(request);
            while (true)
            {
                var length = _socket.Receive(answer);
                if (length >= 8 && BinaryPrimitives.ReadUInt16BigEndian(answer[2..]) == ReadRegisterAnswer && BinaryPrimitives.ReadUInt16BigEndian(answer[6..]) == _number)
                {
                    // A camera that refuses to tell is there all the same.
                    var tells = length >= 12 && BinaryPrimitives.ReadUInt16BigEndian(answer) == 0;
                    return tells && (BinaryPrimitives.ReadUInt32BigEndian(answer[8..]) & HeldMask) == 0 ? Answer.Free : Answer.Held;
                }
            }
        }
        catch (SocketException)
        {
            // Not in time, refused by its network, or no way there.
            return Answer.None;
        }
    }

    public void Dispose() => _socket.Dispose();

    internal enum Answer
    {
        /// <summary>It does not answer.</summary>
        None,

        /// <summary>Nobody controls it.</summary>
        Free,

        /// <summary>Some program controls it.</summary>
        Held,
    }
}
