using StructCore.Edge.Triggers;

namespace StructCore.Edge.Native.Mosquitto;

/// <summary>Configures a client that is not connected yet.</summary>
internal static unsafe class MosquittoSetup
{
    private const string LowestTls = "tlsv1.2";

    public static void Apply(nint client, BusConnection connection)
    {
        Require(MosquittoLibrary.IntOption(client, MosquittoLibrary.OptionProtocolVersion, MosquittoLibrary.ProtocolVersion5), connection, "MQTT 5");
        Require(MosquittoLibrary.IntOption(client, MosquittoLibrary.OptionTcpNoDelay, 1), connection, "TCP_NODELAY");
        Require(MosquittoLibrary.ThreadedSet(client, threaded: true), connection, "threads");
        Require(MosquittoLibrary.CredentialsSet(client, connection.UserName, connection.Password), connection, "user name and password");
        if (connection.Tls is { } tls)
        {
            ApplyTls(client, connection, tls);
        }

        if (connection.Will is { } will)
        {
            ApplyWill(client, connection, will);
        }
    }

    private static void ApplyTls(nint client, BusConnection connection, BusTls tls)
    {
        BusFailure.RequireFiles(connection, tls);

        // A password-protected key would make OpenSSL ask on the terminal: a service has none, so the callback says "no password".
        Require(MosquittoLibrary.TlsSet(client, tls.CaFile, null, tls.CertificateFile, tls.KeyFile, (nint)(delegate* unmanaged[Cdecl]<byte*, int, int, void*, int>)&MosquittoCallbacks.NoPassword), connection, "TLS files");
        Require(MosquittoLibrary.TlsOptionsSet(client, verifyPeer: 1, LowestTls, ciphers: null), connection, "TLS 1.2");
    }

    private static void ApplyWill(nint client, BusConnection connection, BusMessage will)
    {
        using var properties = MosquittoProperties.ForMessage(will);
        fixed (byte* payload = will.Payload.Span)
        {
            Require(MosquittoLibrary.WillSet(client, will.Topic, will.Payload.Length, payload, (int)will.QualityOfService, will.Retain, properties.List), connection, $"the will on '{will.Topic}'");
        }

        properties.GiveAway();
    }

    private static void Require(int result, BusConnection connection, string what)
    {
        if (result != MosquittoLibrary.Success)
        {
            throw BusFailure.NotDone(connection, $"setting {what}", MosquittoFailure.Describe(result));
        }
    }
}
