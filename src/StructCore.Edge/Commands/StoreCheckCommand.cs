using System.CommandLine;
using System.Globalization;
using StructCore.Edge.Storage;

namespace StructCore.Edge.Commands;

/// <summary><c>store check</c>: whether the file is whole.</summary>
internal static class StoreCheckCommand
{
    public static Command Create()
    {
        var location = new StoreLocation();
        var command = new Command("check", """
            Read the whole store and tell what is damaged in it, and whether its ledger holds. Changes nothing; the agent may run. Exit code 1 where something is wrong.

            Example:
              structcore store check --store data/structcore.db
            """);
        location.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Task.Run(() => Check(location.Of(parsed), parsed, cancellationToken), cancellationToken));
        return command;
    }

    public static int Check(string path, ParseResult parsed, CancellationToken cancellationToken)
    {
        var (store, output) = (StoreExamination.Run(AdapterSet.Current, path, cancellationToken), parsed.InvocationConfiguration.Output);
        output.WriteLine(store.Damage.Count > 0
            ? $"The store '{path}' is DAMAGED: stop the agent, move the file away with the files beside it whose names begin with its own, put the last backup there or start with a new one, and check the disk."
            : string.Create(CultureInfo.InvariantCulture, $"The store '{path}' is whole: {store.Bytes / 1e6:N1} MB, {store.Unanswered} triggers without a verdict."));
        foreach (var damage in store.Damage)
        {
            output.WriteLine($"  {damage}");
        }

        if (store.Ledger is { } ledger)
        {
            LedgerOutput.Write(ledger, path, output);
        }

        return store.Sound ? CommandLineRunner.Done : CommandLineRunner.Failed;
    }
}
