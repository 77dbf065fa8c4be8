using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;

namespace StructCore.Tests;

/// <summary>A real web server for a folder of packages, with ranges; over TLS where it has certificates.</summary>
internal sealed class PackageServer : IAsyncDisposable
{
    private readonly WebApplication _server;

    private PackageServer(WebApplication server) => _server = server;

    /// <summary>Address of the folder.</summary>
    public string Address => _server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <summary>Answers in place of the folder; null: the folder does.</summary>
    public Func<HttpContext, Task>? Instead { get; set; }

    public static async Task<PackageServer> StartAsync(string folder, TestCertificates? certificates = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificates is not null)
            {
                listen.UseHttps(X509Certificate2.CreateFromPemFile(certificates.ServerFile, certificates.ServerKeyFile));
            }
        }));
        builder.WebHost.UseKestrelHttpsConfiguration();
        var server = new PackageServer(builder.Build());
        server._server.Use((context, next) => server.Instead is { } instead ? instead(context) : next(context));
        server._server.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(Directory.CreateDirectory(folder).FullName), ServeUnknownFileTypes = true });
        await server._server.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
