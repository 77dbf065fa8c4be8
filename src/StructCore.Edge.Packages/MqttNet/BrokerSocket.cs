using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StructCore.Edge.Triggers;

namespace StructCore.Edge.Packages.MqttNet;

/// <summary>TCP to a broker, and TLS over it where it is asked for.</summary>
/// <remarks>MQTTnet would open both itself, but shuts its socket down before closing it: what was not sent yet would still leave.</remarks>
internal sealed class BrokerSocket : IDisposable
{
    private readonly Socket _socket;

    private BrokerSocket(Socket socket, Stream stream) => (_socket, Stream) = (socket, stream);

    public Stream Stream { get; }

    /// <exception cref="MessageBusException">Not reachable, or TLS was refused by either side.</exception>
    public static async Task<BrokerSocket> ConnectAsync(BusConnection connection, CancellationToken cancellationToken)
    {
        if (connection.Tls is { } files)
        {
            BusFailure.RequireFiles(connection, files);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(connection.Host, connection.Port, cancellationToken).ConfigureAwait(false);
            Stream stream = new NetworkStream(socket, ownsSocket: false);
            return new BrokerSocket(socket, connection.Tls is { } tls ? await SecureAsync(stream, connection, tls, cancellationToken).ConfigureAwait(false) : stream);
        }
        catch (Exception e)
        {
            socket.Close(timeout: 0);
            switch (e)
            {
                case SocketException unreachable: throw BusFailure.Unreachable(connection, unreachable);
                case AuthenticationException or IOException: throw BusFailure.NotMade(connection, e.GetBaseException().Message, e);
                default: throw;
            }
        }
    }

    /// <summary>Without lingering, closing discards what the kernel has not sent: a stalled verdict must not arrive when the network comes back.</summary>
    public void Dispose()
    {
        _socket.Close(timeout: 0);
        Stream.Dispose();
    }

    private static X509Certificate2Collection Authorities(BusConnection connection, BusTls tls)
    {
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(tls.CaFile);
            return authorities.Count > 0 ? authorities : throw new CryptographicException("it holds no certificate");
        }
        catch (CryptographicException e)
        {
            throw BusFailure.NotDone(connection, $"reading CaFile '{tls.CaFile}'", e.Message);
        }
    }

    private static SslStreamCertificateContext? ClientCertificate(BusConnection connection, BusTls tls)
    {
        if (tls.CertificateFile is not { } file)
        {
            return null;
        }

        try
        {
            var certificate = X509Certificate2.CreateFromPemFile(file, tls.KeyFile);
            if (OperatingSystem.IsWindows())
            {
                // TLS there wants the key in a key store, which a PEM file is not.
                using var loose = certificate;
                certificate = X509CertificateLoader.LoadPkcs12(loose.Export(X509ContentType.Pkcs12), password: null);
            }

            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(file);
            return SslStreamCertificateContext.Create(certificate, chain, offline: true);
        }
        catch (CryptographicException e)
        {
            throw BusFailure.NotDone(connection, $"reading CertificateFile '{file}' with KeyFile '{tls.KeyFile}'", e.Message);
        }
    }

    private static async Task<Stream> SecureAsync(Stream stream, BusConnection connection, BusTls tls, CancellationToken cancellationToken)
    {
        string? refused = null;
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = connection.Host,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ClientCertificateContext = ClientCertificate(connection, tls),
            CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck },
            RemoteCertificateValidationCallback = (_, _, chain, errors) =>
            {
                refused = errors == SslPolicyErrors.None ? null : $"{errors} {string.Join(", ", chain?.ChainStatus.Select(s => s.StatusInformation.Trim()) ?? [])}".Trim();
                return refused is null;
            },
        };
        options.CertificateChainPolicy.CustomTrustStore.AddRange(Authorities(connection, tls));
        var secure = new SslStream(stream);
        try
        {
            await secure.AuthenticateAsClientAsync(options, cancellationToken).ConfigureAwait(false);
            return secure;
        }
        catch (Exception e)
        {
            await secure.DisposeAsync().ConfigureAwait(false);
            if (refused is not null)
            {
                throw BusFailure.NotMade(connection, $"certificate verify failed: {refused}", e);
            }

            throw;
        }
    }
}
