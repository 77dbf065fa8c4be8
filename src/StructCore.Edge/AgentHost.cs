using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using StructCore.Edge.Configuration;
using StructCore.Edge.Operator;
using StructCore.Edge.Telemetry;

namespace StructCore.Edge;

/// <summary>Hosts the agent: logging, signals, and the way out.</summary>
internal static class AgentHost
{
    /// <summary>Longer than a station takes to finish what it accepted and to say goodbye.</summary>
    public static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Runs until SIGTERM, SIGINT or <paramref name="cancellationToken"/>.</summary>
    public static async Task RunAsync(AgentConfiguration configuration, AdapterSet adapters, CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
#if WINDOWS_SERVICE
        if (OperatingSystem.IsWindows())
        {
            WindowsService.Add(builder);
        }
#endif
        builder.Logging.AddConfiguration(configuration.Logging).AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });

        // No line per request and per failed check; and what the host fails with, the command line says once.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None).AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.Services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(services => Agent.Open(configuration, adapters, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILoggerFactory>()));
        builder.Services.AddSingleton<AgentService>();
        builder.Services.AddHostedService(services => services.GetRequiredService<AgentService>());

        // The host owns the agent, its container disposes it.
        using var host = builder.Build();
#if WINDOWS_SERVICE
        if (OperatingSystem.IsWindows())
        {
            await WindowsService.AnswerAsync(host.Services, cancellationToken);
        }
#endif
        foreach (var file in configuration.SecretFiles.Where(SecretFile.IsOpenToStrangers))
        {
            host.Services.GetRequiredService<ILogger<Agent>>().SecretOpen(file);
        }

        using var export = OtlpExport.Start(configuration.Options.Telemetry.Otlp, host.Services.GetRequiredService<ILoggerFactory>());
        await using var http = await HttpServer.StartAsync(configuration, host.Services.GetRequiredService<Agent>(), host.Services.GetRequiredService<ILoggerFactory>(), cancellationToken);
        var service = host.Services.GetRequiredService<AgentService>();
        await host.RunAsync(cancellationToken);
        await (service.ExecuteTask ?? Task.CompletedTask);
    }
}
