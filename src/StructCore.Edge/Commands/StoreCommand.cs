using System.CommandLine;

namespace StructCore.Edge.Commands;

/// <summary><c>store</c>: look after the store file.</summary>
internal static class StoreCommand
{
    public static Command Create() => new("store", "Look after the store file.") { StoreBackupCommand.Create(), StoreCheckCommand.Create() };
}
