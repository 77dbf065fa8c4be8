using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StructCore.Edge.Triggers;

namespace StructCore.Edge.Operator.Doctor;

/// <summary>How long the certificates around a broker are still valid. Whether they are to be trusted, the connection itself shows.</summary>
internal static class CertificateCheck
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(30);
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(BrokerOptions broker, TlsOptions tls, TimeProvider time, Findings findings, CancellationToken cancellationToken)
    {
        Judge("Tls:CaFile", tls.CaFile, time, findings);
        if (tls.CertificateFile is { } file)
        {
            Judge("Tls:CertificateFile", file, time, findings);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AnswerTime);
        X509Certificate2? shown = null;
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(broker.Host, broker.Port, limit.Token);
            await using var stream = new SslStream(client.GetStream(), leaveInnerStreamOpen: false);

            // Only to see it: nothing is sent over this connection, and libmosquitto verifies the one that counts.
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = broker.Host,
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                {
                    shown = certificate is null ? null : X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
                    return true;
                },
            }, limit.Token);
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            // No broker, or one that wants a client certificate first: the connection below says which.
        }

        using (shown)
        {
            if (shown is not null)
            {
                Judge($"certificate of {broker.Host}:{broker.Port}", shown, time, findings);
            }
        }
    }

    private static void Judge(string subject, string file, TimeProvider time, Findings findings)
    {
        try
        {
            var all = new X509Certificate2Collection();
            all.ImportFromPemFile(file);
            foreach (var certificate in all)
            {
                Judge($"{subject} '{file}'", certificate, time, findings);
                certificate.Dispose();
            }
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            findings.Fail($"{subject} '{file}' cannot be read as a PEM certificate: {e.Message} Put the right file there and let the agent's user read it.");
        }
    }

    private static void Judge(string subject, X509Certificate2 certificate, TimeProvider time, Findings findings)
    {
        var now = time.GetUtcNow();
        var (from, until) = (new DateTimeOffset(certificate.NotBefore), new DateTimeOffset(certificate.NotAfter));
        var text = string.Create(CultureInfo.InvariantCulture, $"{subject}: {certificate.Subject}, valid from {from.UtcDateTime:yyyy-MM-dd} to {until.UtcDateTime:yyyy-MM-dd}");
        if (now > until || now < from)
        {
            findings.Fail($"{text}, not today ({now:yyyy-MM-dd}). Put a valid one in its place, or set the clock.");
        }
        else if (until - now < Soon)
        {
            findings.Warning($"{text}: it runs out within {Soon.TotalDays:F0} days. Renew it now.");
        }
        else
        {
            findings.Ok(text);
        }
    }
}
