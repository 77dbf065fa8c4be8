using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace StructCore.Tests;

/// <summary>A certificate authority with a server's certificate for localhost and 127.0.0.1 and a client's, and an authority nobody trusts; all as PEM files.</summary>
internal sealed record TestCertificates(string CaFile, string ServerFile, string ServerKeyFile, string ClientFile, string ClientKeyFile, string StrangerCaFile)
{
    public static TestCertificates Create(string folder)
    {
        Directory.CreateDirectory(folder);
        string At(string name) => Path.Combine(folder, name);
        using var authority = Authority("CN=test authority", At("ca.pem"));
        using var stranger = Authority("CN=stranger", At("stranger.pem"));
        Issue(authority, "CN=broker", At("server.pem"), At("server.key"));
        Issue(authority, "CN=station", At("client.pem"), At("client.key"));
        return new TestCertificates(At("ca.pem"), At("server.pem"), At("server.key"), At("client.pem"), At("client.key"), At("stranger.pem"));
    }

    private static X509Certificate2 Authority(string name, string file)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
        File.WriteAllText(file, certificate.ExportCertificatePem());
        return certificate;
    }

    private static void Issue(X509Certificate2 authority, string name, string file, string keyFile)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1), RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(file, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
    }
}
