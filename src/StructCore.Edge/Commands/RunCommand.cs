using System.CommandLine;
using StructCore.Edge.Configuration;

namespace StructCore.Edge.Commands;

/// <summary><c>run</c>: the agent as a service.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var config = CreateConfigOption();
        var command = new Command("run", "Run the agent: wait for triggers, judge parts, publish verdicts. Example: structcore run --config config/two-stations.json") { config };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var configuration = AgentConfiguration.Load(parsed.GetValue(config)?.FullName);
            await AgentHost.RunAsync(configuration, AdapterSet.Current, cancellationToken);
            return CommandLineRunner.Done;
        });
        return command;
    }

    public static Option<FileInfo> CreateConfigOption() => new("--config")
    {
        Description = "Configuration file. Default: ./appsettings.json, then the one beside the executable. Variables STRUCTCORE__Section__Key override it.",
        HelpName = "FILE",
    };
}
