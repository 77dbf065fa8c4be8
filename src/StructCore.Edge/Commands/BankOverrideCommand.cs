using System.CommandLine;
using StructCore.Edge.BankUpdates.Packages;

namespace StructCore.Edge.Commands;

/// <summary><c>bank override</c>: leave to go back to a version that stations would refuse.</summary>
internal static class BankOverrideCommand
{
    public static Command Create()
    {
        var category = new Option<string>("--category") { HelpName = "NAME", Description = "The product", Required = true };
        var version = new Option<int>("--version") { HelpName = "N", Description = "The bank version that may be activated", Required = true };
        var reason = new Option<string>("--reason") { HelpName = "TEXT", Description = "Who wants it and why; goes into the history of every station", Required = true };
        var expires = new LifeOption("--expires", "2d", $"How long it counts, at most {OverrideDocument.LongestLife.TotalDays:F0}d");
        var target = new Option<string>("--out") { HelpName = "FILE", Description = "The signed document to write; 'bank publish' takes it as --override", Required = true };
        var signing = new SigningOptions();
        var command = new Command("override", """
            Sign leave to activate one version below the highest that stations have seen, or one that was withdrawn. Needs keys of the trust role.

            Example:
              structcore bank override --category cap --version 3 --reason "J. Doe: v4 rejects the new lid" --key keys/root.key.pem --out cap-v3-override.json
            """) { category, version, reason, expires, target };
        signing.AddTo(command);
        command.SetAction(parsed =>
        {
            var now = TimeProvider.System.GetUtcNow();
            var leave = new OverrideDocument
            {
                Category = parsed.GetRequiredValue(category),
                Version = parsed.GetValue(version),
                Created = now,
                Expires = now + expires.Read(parsed),
                Reason = parsed.GetRequiredValue(reason),
            };
            signing.Write(parsed, leave, OverrideDocument.Read, parsed.GetRequiredValue(target));
            return CommandLineRunner.Done;
        });
        return command;
    }
}
