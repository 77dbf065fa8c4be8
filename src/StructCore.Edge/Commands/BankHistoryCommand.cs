using System.CommandLine;

namespace StructCore.Edge.Commands;

/// <summary><c>bank history</c>: which banks the stations decide with, and how that came about.</summary>
internal static class BankHistoryCommand
{
    private const int DefaultLimit = 50;

    public static Command Create()
    {
        var location = new StoreLocation();
        var station = new Option<string?>("--station") { HelpName = "SITE/LINE/ID", Description = "This station alone" };
        var category = new Option<string?>("--category") { HelpName = "NAME", Description = "This category alone" };
        var limit = new Option<int>("--limit") { HelpName = "N", Description = "Lines of history, the newest", DefaultValueFactory = _ => DefaultLimit };
        limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
            {
                result.AddError("--limit is the number of lines, at least 1.");
            }
        });
        var json = new Option<bool>("--json") { Description = "Write it as JSON, the gates' measurements and the signed calibrations included" };
        var command = new Command("history", """
            Tell which banks the stations decide with and what happened to them: what was activated, confirmed, refused, taken back, and who signed it.
            Changes nothing; the agent may run.

            Example:
              structcore bank history --config appsettings.json --category cap
            """) { station, category, limit, json };
        location.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                var (path, output) = (location.Of(parsed), parsed.InvocationConfiguration.Output);
                using var store = AdapterSet.Current.ReadStore(path);
                var history = BankHistory.Read(store, parsed.GetValue(station), parsed.GetValue(category), parsed.GetValue(limit));
                if (parsed.GetValue(json))
                {
                    output.Write(history.ToJson());
                }
                else
                {
                    history.Write(path, output);
                }

                return CommandLineRunner.Done;
            },
            cancellationToken));
        return command;
    }
}
