using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace StructCore.Tests;

/// <summary>A certificate authority with a broker's certificate for localhost and 127.0.0.1, one that has expired and one for another host, and clients'; and an authority nobody trusts with a client of its own; all as PEM files.</summary>
internal sealed class TestCertificates
{
    private static readonly IPAddress Here = IPAddress.Loopback;
    private readonly string _folder;

    private TestCertificates(string folder) => _folder = folder;

    public string CaFile => At("ca.pem");

    public string ServerFile => At("server.pem");

    public string ServerKeyFile => At("server.key");

    /// <summary>Of the same key as <see cref="ServerFile"/>.</summary>
    public string ExpiredFile => At("expired.pem");

    /// <summary>Of the same key, for a host that the broker is not.</summary>
    public string OtherNameFile => At("other-name.pem");

    public string ClientFile => Client("station").File;

    public string ClientKeyFile => Client("station").KeyFile;

    public string StrangerCaFile => At("stranger-ca.pem");

    /// <summary>Signed by the authority nobody trusts.</summary>
    public (string File, string KeyFile) StrangerClient => Client("from-elsewhere");

    public static TestCertificates Create(string folder, IEnumerable<string> clients)
    {
        Directory.CreateDirectory(folder);
        var files = new TestCertificates(folder);
        using var authority = Authority("CN=test authority", files.CaFile);
        using var stranger = Authority("CN=another authority", files.StrangerCaFile);
        using var serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Issue(authority, "CN=broker", serverKey, files.ServerFile, files.ServerKeyFile, DateTimeOffset.UtcNow.AddDays(1), Here);
        Issue(authority, "CN=broker", serverKey, files.ExpiredFile, files.ServerKeyFile, DateTimeOffset.UtcNow.AddHours(-1), Here);
        Issue(authority, "CN=broker", serverKey, files.OtherNameFile, files.ServerKeyFile, DateTimeOffset.UtcNow.AddDays(1), IPAddress.Parse("127.0.0.2"));
        foreach (var client in clients.Append("station"))
        {
            Issue(authority, client, files.Client(client));
        }

        Issue(stranger, "from-elsewhere", files.StrangerClient);
        return files;
    }

    public (string File, string KeyFile) Client(string name) => (At($"{name}.client.pem"), At($"{name}.client.key"));

    private string At(string name) => Path.Combine(_folder, name);

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

    private static void Issue(X509Certificate2 authority, string name, (string File, string KeyFile) files)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Issue(authority, $"CN={name}", key, files.File, files.KeyFile, DateTimeOffset.UtcNow.AddDays(1), Here);
    }

    private static void Issue(X509Certificate2 authority, string name, ECDsa key, string file, string keyFile, DateTimeOffset notAfter, IPAddress address)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(address.Equals(Here) ? "localhost" : "elsewhere.invalid");
        names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(authority, DateTimeOffset.UtcNow.AddDays(-1), notAfter, RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(file, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
    }
}
