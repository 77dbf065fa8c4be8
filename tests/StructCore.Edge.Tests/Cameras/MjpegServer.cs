using System.Net;
using System.Net.Sockets;

namespace StructCore.Tests.Cameras;

/// <summary>An HTTP camera on loopback.</summary>
internal sealed class MjpegServer(Func<int, byte[]> frame) : MjpegSource(frame)
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public override string Address => $"http://{_listener.LocalEndpoint}/stream";

    public override void Start()
    {
        _listener.Start();
        base.Start();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _listener.Dispose();
    }

    protected override async Task<Stream> AcceptAsync(CancellationToken cancellationToken)
    {
        var client = new NetworkStream(await _listener.AcceptSocketAsync(cancellationToken), ownsSocket: true);
        await client.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=next\r\n\r\n"u8.ToArray(), cancellationToken);
        return client;
    }
}
