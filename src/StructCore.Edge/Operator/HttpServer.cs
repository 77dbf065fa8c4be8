using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using StructCore.Edge.Configuration;

namespace StructCore.Edge.Operator;

/// <summary>The HTTP side: Kestrel behind its limits and its key. What it serves is added in <see cref="Map"/>, one line per group of endpoints.</summary>
internal sealed class HttpServer : IAsyncDisposable
{
    private const int Connections = 32;
    private const int RequestsPerSecond = 50;
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(2);
    private static readonly string[] LoopbackNames = ["localhost", "127.0.0.1", "[::1]"];

    private readonly WebApplication _app;

    private HttpServer(WebApplication app) => _app = app;

    /// <summary>Listens, where the configuration wants it; null where not.</summary>
    /// <exception cref="InvalidConfigurationException">It cannot listen there.</exception>
    public static async Task<HttpServer?> StartAsync(AgentConfiguration configuration, Agent agent, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        var options = configuration.Options.Http;
        if (!options.Enabled)
        {
            return null;
        }

        var server = new HttpServer(Build(options, agent, logs));
        try
        {
            await server._app.StartAsync(cancellationToken);
            logs.CreateLogger<HttpServer>().Listening(options.Address, options.Port);
            return server;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await server.DisposeAsync();
            throw new InvalidConfigurationException(configuration.Path, [$"Http:Port: cannot listen on {options.Address}:{options.Port}: {e.GetBaseException().Message}. See who has it (ss -ltnp), set another Http:Port or Http:Address, or Http:Enabled to false."]);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(StopTime);
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
    }

    private static void Map(WebApplication app) => HealthEndpoints.Map(app);

    private static WebApplication Build(HttpOptions options, Agent agent, ILoggerFactory logs)
    {
        // Empty: no files, no environment, no logging of its own.
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "structcore", ContentRootPath = AppContext.BaseDirectory });
        var address = IPAddress.Parse(options.Address);
        var key = ApiKey.Read(options);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, new(address, options.Port)));
        builder.Services.AddSingleton(logs).AddSingleton<IHostLifetime, NoSignals>().AddSingleton(agent).AddRoutingCore();
        builder.Services.AddRateLimiter(limiter =>
        {
            // For all callers together: it protects the inspections, not one caller from another.
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, int>(_ => RateLimitPartition.GetFixedWindowLimiter(0, _ => new() { PermitLimit = RequestsPerSecond, Window = TimeSpan.FromSeconds(1) }));
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        });
        HealthEndpoints.AddChecks(builder.Services);
        if (IPAddress.IsLoopback(address))
        {
            // A page in a browser on this machine could otherwise reach it under a name that its owner points here.
            builder.Services.AddHostFiltering(filter => filter.AllowedHosts = LoopbackNames);
        }

        var app = builder.Build();
        if (IPAddress.IsLoopback(address))
        {
            app.UseHostFiltering();
        }

        app.UseRateLimiter();
        if (key is not null)
        {
            app.Use((context, next) => key.IsShownBy(context.Request) ? next(context) : RefuseAsync(context));
        }

        Map(app);
        return app;
    }

    private static void Configure(KestrelServerOptions kestrel, IPEndPoint endpoint)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = Connections;
        kestrel.Limits.MaxConcurrentUpgradedConnections = 0;
        kestrel.Limits.MaxRequestBodySize = 16 * 1024;
        kestrel.Limits.MaxRequestLineSize = 2 * 1024;
        kestrel.Limits.MaxRequestHeadersTotalSize = 8 * 1024;
        kestrel.Limits.MaxRequestHeaderCount = 32;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(30);
        kestrel.Listen(endpoint, listen => listen.Protocols = HttpProtocols.Http1);
    }

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers[HeaderNames.WWWAuthenticate] = ApiKey.Scheme;
        return Task.CompletedTask;
    }

    /// <summary>Signals belong to the host of the agent, which stops this server last.</summary>
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
