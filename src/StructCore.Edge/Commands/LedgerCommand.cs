using System.CommandLine;
using StructCore.Edge.Storage;

namespace StructCore.Edge.Commands;

/// <summary><c>ledger verify</c>: whether every record is there and as it was written.</summary>
internal static class LedgerCommand
{
    public static Command Create() => new("ledger", "Look after the chain of records.") { CreateVerify() };

    private static Command CreateVerify()
    {
        var location = new StoreLocation();
        var json = new Option<bool>("--json") { Description = "Write the findings as JSON" };
        var command = new Command("verify", """
            Check that no record was changed, removed, inserted or reordered. Changes nothing; the agent may run. Exit code 1 where the chain is broken.

            Example:
              structcore ledger verify --config appsettings.json
            """) { json };
        location.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                var (path, output) = (location.Of(parsed), parsed.InvocationConfiguration.Output);
                using var store = AdapterSet.Current.ReadStore(path);
                var report = LedgerVerifier.Verify(store, cancellationToken);
                if (parsed.GetValue(json))
                {
                    output.Write(JsonOutput.Format(report));
                }
                else
                {
                    LedgerOutput.Write(report, path, output);
                }

                return report.Intact ? CommandLineRunner.Done : CommandLineRunner.Failed;
            },
            cancellationToken));
        return command;
    }
}
