using System.CommandLine;

namespace StructCore.Edge.Commands;

/// <summary><c>backbone</c>: imports, fetches and lists the networks that turn frames into features.</summary>
internal static class BackboneCommand
{
    public static Command Create() => new("backbone", "Import, fetch and list the networks that turn frames into features.")
    {
        BackboneImportCommand.Create(),
        BackboneResnetCommand.Create(),
        BackboneFetchCommand.Create(),
        BackboneRandomCommand.Create(),
        BackboneListCommand.Create(),
    };
}
