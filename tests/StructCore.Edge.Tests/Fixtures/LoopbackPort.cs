using System.Net;
using System.Net.Sockets;

namespace StructCore.Tests;

/// <summary>Ports for test servers that must come back on the same one.</summary>
internal static class LoopbackPort
{
    // Below the ports the system hands out by itself: nobody takes one by accident while its server is down.
    private const int First = 20000;
    private const int Last = 32000;

    public static int Free()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Taken: try another.
            }
        }
    }
}
