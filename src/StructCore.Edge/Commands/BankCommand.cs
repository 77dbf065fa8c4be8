using System.CommandLine;

namespace StructCore.Edge.Commands;

/// <summary><c>bank</c>: makes, checks and sends what updates a station's banks.</summary>
internal static class BankCommand
{
    public static Command Create() => new("bank", "Sign, check and send the packages that update a station's banks.")
    {
        BankPublishCommand.Create(),
        BankUnpublishCommand.Create(),
    };
}
