using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.WindowsServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.EventLog;
using Microsoft.Extensions.Options;

namespace StructCore.Edge;

/// <summary>The agent under Windows' service manager. Only in builds for Windows; does nothing where it was started from a terminal.</summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsService : WindowsServiceLifetime, IHostLifetime
{
    /// <summary>Of the service, and of its source in the event log; scripts/install-service.ps1 makes both.</summary>
    private const string Name = "StructCore.Edge";

    /// <summary>ERROR_PROCESS_ABORTED: with 0 the service would have stopped because it was told to, and not be started again.</summary>
    private const int Aborted = 1067;

    private Task? _started;

    public WindowsService(IServiceProvider services, IHostEnvironment environment, IHostApplicationLifetime application, ILoggerFactory logs, IOptions<HostOptions> host, IOptions<WindowsServiceLifetimeOptions> options)
        : base(environment, application, logs, host, options) =>
        application.ApplicationStopped.Register(() => ExitCode = services.GetRequiredService<AgentService>().ExecuteTask is { IsFaulted: true } ? Aborted : 0);

    public static void Add(HostApplicationBuilder builder)
    {
        if (!WindowsServiceHelpers.IsWindowsService())
        {
            return;
        }

        // What somebody must act on, and the agent's own comings and goings; a line per verdict would drive everything else out. Logging:EventLog says otherwise.
        builder.Logging.AddFilter<EventLogLoggerProvider>(null, LogLevel.Warning).AddFilter<EventLogLoggerProvider>(typeof(Agent).FullName, LogLevel.Information);
        builder.Services.AddWindowsService(service => service.ServiceName = Name);
        builder.Services.Configure<EventLogSettings>(log => log.SourceName = Name);
        builder.Services.AddSingleton<IHostLifetime, WindowsService>();
    }

    /// <summary>Answers the service manager, which waits 30 s for a process to do so: opening banks and backbone may take longer.</summary>
    public static Task AnswerAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetRequiredService<IHostLifetime>() is WindowsService service ? service.AnswerAsync(cancellationToken) : Task.CompletedTask;

    // The host asks once more, and must not begin a second service.
    Task IHostLifetime.WaitForStartAsync(CancellationToken cancellationToken) => AnswerAsync(cancellationToken);

    private Task AnswerAsync(CancellationToken cancellationToken) => _started ??= WaitForStartAsync(cancellationToken);
}
