using Microsoft.Extensions.Logging;
using StructCore.Edge.Inspection;
using StructCore.Vision.Inference;

namespace StructCore.Edge;

internal static partial class Log
{
    public static void Opened(this ILogger log, string backbone, long agentEpoch, IReadOnlyList<StationOptions> stations, IReadOnlyList<BankSet> banks)
    {
        log.AgentOpened(backbone, agentEpoch);
        for (var i = 0; i < stations.Count; i++)
        {
            log.BanksLoaded(stations[i].Name, string.Join(", ", banks[i].Banks.Select(b => b.Manifest.Id)));
        }
    }

    [LoggerMessage(2, LogLevel.Information, "{Version}; configuration {File}")]
    public static partial void Starting(this ILogger log, string version, string file);

    [LoggerMessage(9, LogLevel.Warning, "The secret in '{File}' can be read or changed by others on this machine. Run: chmod u=rw,g=r,o= '{File}'")]
    public static partial void SecretOpen(this ILogger log, string file);

    [LoggerMessage(1, LogLevel.Information, "Agent epoch {AgentEpoch}, backbone {Backbone}")]
    private static partial void AgentOpened(this ILogger log, string backbone, long agentEpoch);
}
