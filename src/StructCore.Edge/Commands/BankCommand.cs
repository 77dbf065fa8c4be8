using System.CommandLine;

namespace StructCore.Edge.Commands;

/// <summary><c>bank</c>: makes, checks and sends what updates a station's banks.</summary>
internal static class BankCommand
{
    public static Command Create() => new("bank", "Sign, check and send the packages that update a station's banks, and see what came of them.")
    {
        BankSignCommand.Create(),
        BankVerifyCommand.Create(),
        BankInspectCommand.Create(),
        BankPublishCommand.Create(),
        BankUnpublishCommand.Create(),
        BankCalibrateCommand.Create(),
        BankOverrideCommand.Create(),
        BankHistoryCommand.Create(),
    };
}
