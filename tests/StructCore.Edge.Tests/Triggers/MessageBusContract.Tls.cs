using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using StructCore.Edge.Triggers;

namespace StructCore.Tests.Triggers;

/// <summary>Whom a bus does not talk to, and who does not talk to it.</summary>
public abstract partial class MessageBusContract
{
    private const ushort Tls11 = 0x0302;
    private const ushort Tls12 = 0x0303;
    private const ushort Tls13 = 0x0304;
    private const int SupportedVersions = 43;
    private const int RecordHeader = 5;

    [Fact]
    public async Task Tls_BrokersCertificateExpired_IsRefused()
    {
        await using var broker = await MosquittoBroker.StartAsync(new BrokerOptions { Tls = true, Expired = true });
        await using var bus = CreateBus();
        var failure = await Assert.ThrowsAsync<MessageBusException>(() => ConnectAsync(bus, To(broker) with { Tls = new BusTls(broker.Certificates!.CaFile, null, null) }));
        Assert.Contains("certificate verify failed", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tls_ClientCertificateOfAForeignAuthority_IsRefusedByTheBroker()
    {
        await using var broker = await MosquittoBroker.StartAsync(new BrokerOptions { Tls = true, RequireClientCertificate = true });
        var (file, keyFile) = broker.Certificates!.StrangerClient;
        await using var bus = CreateBus();
        await Assert.ThrowsAsync<MessageBusException>(() => ConnectAsync(bus, To(broker) with { Tls = new BusTls(broker.Certificates.CaFile, file, keyFile) }));
        await broker.WaitForLogAsync(line => line.Contains("certificate verify failed", StringComparison.Ordinal));
    }

    // mosquitto itself no longer speaks less than 1.2, so that a server of our own must play the old one.
    [Fact]
    public async Task Tls_BrokerSpeaksOnly11_IsRefused()
    {
        await using var broker = await MosquittoBroker.StartAsync(new BrokerOptions { Tls = true });
        using var old = new TcpListener(IPAddress.Loopback, 0);
        old.Start();
        await using var bus = CreateBus();
        var connecting = ConnectAsync(bus, To(broker) with { Port = ((IPEndPoint)old.LocalEndpoint).Port, Tls = new BusTls(broker.Certificates!.CaFile, null, null) });
        byte[]? hello = null;
        while (hello is null)
        {
            // A connection that says nothing only tried whether somebody is here.
            using var client = await old.AcceptTcpClientAsync().WaitAsync(Patience);
            hello = await ReadRecordAsync(client.GetStream());
            if (hello is not null)
            {
                await client.GetStream().WriteAsync(ServerHello(Tls11));
                var alert = await ReadRecordAsync(client.GetStream());
                Assert.Equal([2, 70], alert!);
            }
        }

        Assert.Equal([Tls13, Tls12], Versions(hello));
        await Assert.ThrowsAsync<MessageBusException>(() => connecting);
    }

    private static async Task<byte[]?> ReadRecordAsync(NetworkStream stream)
    {
        var header = new byte[RecordHeader];
        try
        {
            await stream.ReadExactlyAsync(header).AsTask().WaitAsync(Patience);
            var body = new byte[BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(3))];
            await stream.ReadExactlyAsync(body).AsTask().WaitAsync(Patience);
            return body;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The versions a ClientHello offers, best first.</summary>
    private static List<ushort> Versions(ReadOnlySpan<byte> hello)
    {
        // Type and length, version, random; then session id, ciphers and compressions, each with its length before it.
        var rest = hello[(4 + 2 + 32)..];
        rest = rest[(1 + rest[0])..];
        rest = rest[(2 + BinaryPrimitives.ReadUInt16BigEndian(rest))..];
        rest = rest[(1 + rest[0] + 2)..];
        while (BinaryPrimitives.ReadUInt16BigEndian(rest) != SupportedVersions)
        {
            rest = rest[(4 + BinaryPrimitives.ReadUInt16BigEndian(rest[2..]))..];
        }

        var versions = new List<ushort>();
        for (var i = 0; i < rest[4]; i += 2)
        {
            versions.Add(BinaryPrimitives.ReadUInt16BigEndian(rest[(5 + i)..]));
        }

        return versions;
    }

    private static byte[] ServerHello(ushort version)
    {
        byte[] number = [(byte)(version >> 8), (byte)version];
        byte[] body = [.. number, .. new byte[32], 0, 0xC0, 0x09, 0];
        return [22, .. number, 0, (byte)(body.Length + 4), 2, 0, 0, (byte)body.Length, .. body];
    }
}
