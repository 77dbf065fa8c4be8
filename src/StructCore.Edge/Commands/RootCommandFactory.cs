using System.CommandLine;

namespace StructCore.Edge.Commands;

/// <summary>The command line: one verb, one file, one line here.</summary>
internal static class RootCommandFactory
{
    public static RootCommand Create()
    {
        var root = new RootCommand("StructCore.Edge: inspects parts beside a production line.")
        {
            BackboneCommand.Create(),
            FitCommand.Create(),
            EvaluateCommand.Create(),
            ReliabilityCommand.Create(),
            ScoreCommand.Create(),
            ScreenCommand.Create(),
            RecalibrateCommand.Create(),
            TeachCommand.Create(),
            UnteachCommand.Create(),
            TaughtCommand.Create(),
            BenchCommand.Create(),
            BankCommand.Create(),
            KeysCommand.Create(),
            TrustCommand.Create(),
            RunCommand.Create(),
            LedgerCommand.Create(),
            StoreCommand.Create(),
            ReplayCommand.Create(),
            DoctorCommand.Create(),
            CameraCommand.Create(),
            DemoCommand.Create(),
        };
        root.Options.OfType<VersionOption>().Single().Action = new VersionAction();
        return root;
    }
}
