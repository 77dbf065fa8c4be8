using System.CommandLine;

namespace StructCore.Edge.Commands;

/// <summary><c>backbone</c>: imports, fetches and lists the networks that turn frames into features.</summary>
internal static class BackboneCommand
{
    public static Command Create()
    {
        var command = new Command("backbone", "Import, fetch and list the networks that turn frames into features.");
        return command;
    }
}
