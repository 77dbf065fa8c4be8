using System.CommandLine;
using StructCore.Edge.Simulation.Demo;

namespace StructCore.Edge.Commands;

/// <summary><c>demo</c>: a whole shift on this machine, with rendered parts.</summary>
internal static class DemoCommand
{
    private const int MaximumParts = 9999;

    public static Command Create()
    {
        var parts = new Option<int>("--parts") { HelpName = "N", Description = "Parts of the shift", DefaultValueFactory = _ => 60 };
        parts.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > MaximumParts)
            {
                result.AddError($"--parts must be 1 to {MaximumParts}.");
            }
        });
        var folder = new Option<string>("--folder") { HelpName = "DIR", Description = "Folder for overlays and the agent's log", DefaultValueFactory = _ => "demo" };
        var keep = new Option<bool>("--keep") { Description = "Keep images, banks, database and configuration too, in DIR/work" };
        var models = ModelFolders.CreateOption();
        var command = new Command("demo", """
            Run a shift on this machine: a broker on loopback, three rendered products, banks, the agent, a virtual PLC. Nothing is left running.

            Example:
              structcore demo --parts 20 --folder demo --keep
            """) { parts, folder, keep, models };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var demo = new DemoRun(AdapterSet.Current, parsed.InvocationConfiguration.Output, TimeProvider.System);
            var backbone = ModelFolders.Open(parsed.GetValue(models)).Find();
            var sound = await demo.RunAsync(parsed.GetValue(parts), parsed.GetRequiredValue(folder), parsed.GetValue(keep), backbone, cancellationToken);
            return sound ? CommandLineRunner.Done : CommandLineRunner.Failed;
        });
        return command;
    }
}
