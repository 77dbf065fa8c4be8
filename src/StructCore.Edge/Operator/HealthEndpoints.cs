using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StructCore.Edge.Telemetry;
using StructCore.Edge.Verdicts;

namespace StructCore.Edge.Operator;

/// <summary>
/// <c>/health/live</c>: the loops run, a restart would mend nothing. <c>/health/ready</c>: every station takes triggers and can judge them.
/// 200 or 503, and in the body why, station by station.
/// </summary>
internal static class HealthEndpoints
{
    public const string Live = "live";
    public const string Ready = "ready";

    public static void AddChecks(IServiceCollection services) => services.AddHealthChecks()
        .Add(new(Live, s => new Check(s.GetRequiredService<Agent>(), Live, r => r.IsLive), null, null))
        .Add(new(Ready, s => new Check(s.GetRequiredService<Agent>(), Ready, r => r.IsReady), null, null));

    public static void Map(WebApplication app)
    {
        app.MapHealthChecks("/health/live", Only(Live));
        app.MapHealthChecks("/health/ready", Only(Ready));
    }

    private static HealthCheckOptions Only(string name) => new() { Predicate = c => c.Name == name, ResponseWriter = WriteAsync };

    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        var entry = report.Entries.Values.Single();
        var agent = (AgentReport)entry.Data[nameof(AgentReport)];
        var body = new HealthBody(entry.Description!, agent.Version, agent.AgentEpoch, agent.OutboxSize, agent.Stations);
        return context.Response.WriteAsJsonAsync(body, ContractJson.Readable.HealthBody, cancellationToken: context.RequestAborted);
    }

    private sealed class Check(Agent agent, string name, Func<StationReport, bool> passes) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            var report = agent.Report();
            var data = new Dictionary<string, object> { [nameof(AgentReport)] = report };
            return Task.FromResult(report.Stations.All(passes) ? HealthCheckResult.Healthy(name, data) : HealthCheckResult.Unhealthy($"not_{name}", data: data));
        }
    }
}
