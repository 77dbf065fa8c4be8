using System.CommandLine;

namespace StructCore.Edge.Commands;

/// <summary><c>store backup</c>: a copy to fall back on.</summary>
internal static class StoreBackupCommand
{
    public static Command Create()
    {
        var location = new StoreLocation();
        var target = new Option<string>("--out") { HelpName = "FILE", Description = "The copy; must not exist yet", Required = true };
        var command = new Command("backup", """
            Copy the store to one file that is checked and on the disk before it gets its name. The agent may run.
            To restore it: stop the agent, move the store away with the files beside it whose names begin with its own, copy the file there, start.

            Example:
              structcore store backup --config appsettings.json --out /backup/structcore-monday.db
            """) { target };
        location.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                var (path, copy) = (location.Of(parsed), Path.GetFullPath(parsed.GetRequiredValue(target)));
                using (var store = AdapterSet.Current.ReadStore(path))
                {
                    store.Backup(copy);
                }

                return StoreCheckCommand.Check(copy, parsed, cancellationToken);
            },
            cancellationToken));
        return command;
    }
}
