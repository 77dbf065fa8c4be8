using Microsoft.Extensions.Hosting;

namespace StructCore.Edge;

/// <summary>The agent as a hosted service.</summary>
internal sealed class AgentService(Agent agent) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => agent.RunAsync(stoppingToken);
}
