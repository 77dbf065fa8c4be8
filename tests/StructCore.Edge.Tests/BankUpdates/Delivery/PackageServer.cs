using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace StructCore.Tests.BankUpdates.Delivery;

/// <summary>A real web server on this machine, over TLS, that serves one package with ranges or misbehaves as it is told.</summary>
internal sealed class PackageServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PackageServer(WebApplication app) => _app = app;

    public byte[] Content { get; set; } = TestPackage.Content;

    public string EntityTag { get; set; } = "\"one\"";

    /// <summary>Takes the place of the next answer; once.</summary>
    public Func<HttpContext, Task>? Next { get; set; }

    /// <summary>What was asked: path, range, condition, authorization.</summary>
    public ConcurrentQueue<(string Path, string? Range, string? IfRange, string? Authorization)> Requests { get; } = new();

    public string Address => _app.Urls.Single();

    public static async Task<PackageServer> StartAsync(TestCertificates certificates)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.UseHttps(X509Certificate2.CreateFromPemFile(certificates.ServerFile, certificates.ServerKeyFile));
        }));
        var app = builder.Build();
        var server = new PackageServer(app);
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        return server;
    }

    /// <summary>Announces everything and breaks off after <paramref name="bytes"/> bytes, when <paramref name="until"/> has ended.</summary>
    public void BreakOff(int bytes, Task until) => Next = async context =>
    {
        context.Response.Headers.ETag = EntityTag;
        context.Response.ContentLength = Content.Length;
        await context.Response.Body.WriteAsync(Content.AsMemory(0, bytes));
        await context.Response.Body.FlushAsync();
        await until;
        context.Abort();
    };

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        Requests.Enqueue((context.Request.Path, headers.Range, headers.IfRange, headers.Authorization));
        if (Next is { } next)
        {
            Next = null;
            await next(context);
            return;
        }

        context.RequestServices ??= _app.Services;
        await TypedResults.Bytes(Content, "application/octet-stream", enableRangeProcessing: true, entityTag: new EntityTagHeaderValue(EntityTag)).ExecuteAsync(context);
    }
}
