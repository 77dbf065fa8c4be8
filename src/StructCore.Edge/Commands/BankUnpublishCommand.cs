using System.CommandLine;
using StructCore.Edge.BankUpdates.Delivery;
using StructCore.Vision.Fitting;

namespace StructCore.Edge.Commands;

/// <summary><c>bank unpublish</c>: takes a wanted bank and its messages away from the broker.</summary>
internal static class BankUnpublishCommand
{
    public static Command Create()
    {
        var category = new Option<string>("--category") { HelpName = "NAME", Description = "Whose bank is not wanted any more", Required = true };
        var version = new Option<int?>("--version") { HelpName = "N", Description = "Only this version [default: whichever is wanted]" };
        var broker = new UpdateBroker();
        var command = new Command("unpublish", """
            Take the message that asks stations for a bank away from the broker, and the package where it lies there too. What a station has activated stays active: command/rollback goes back.

            Example:
              structcore bank unpublish --category cap --broker broker --station site1/line1/station1
            """) { category, version };
        broker.AddTo(command);
        category.Validators.Add(result =>
        {
            if (!CategoryName.IsValid(result.GetValueOrDefault<string>() ?? ""))
            {
                result.AddError($"--category is '{result.GetValueOrDefault<string>()}', which cannot name one.");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (name, only, output) = (parsed.GetRequiredValue(category), parsed.GetValue(version), parsed.InvocationConfiguration.Output);
            await using var publisher = await RetainedPublisher.StartAsync(AdapterSet.Current.CreateMessageBus(), broker.Describe(parsed), cancellationToken);
            foreach (var (station, topics) in broker.Stations(parsed))
            {
                var removed = await publisher.UnpublishAsync(topics, name, only, cancellationToken);
                output.WriteLine(removed is { IsWanted: false, Chunks: 0 }
                    ? $"{station}: nothing of '{name}'{(only is null ? "" : $" version {only}")} was published"
                    : $"{station}: {(removed.IsWanted ? $"'{name}'{(removed.Version is { } v ? $" version {v}" : "")} is not wanted any more" : $"'{name}' version {only} was not wanted")}, {removed.Chunks} messages of its package removed");
            }

            return CommandLineRunner.Done;
        });
        return command;
    }
}
