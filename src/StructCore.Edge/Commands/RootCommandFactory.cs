using System.CommandLine;

namespace StructCore.Edge.Commands;

/// <summary>The command line: one verb, one file, one line here.</summary>
internal static class RootCommandFactory
{
    public static RootCommand Create() => WithVersion(new("StructCore.Edge: inspects parts beside a production line.")
    {
        BackboneCommand.Create(),
        FitCommand.Create(),
        EvaluateCommand.Create(),
        ScoreCommand.Create(),
        RunCommand.Create(),
        DoctorCommand.Create(),
        LedgerCommand.Create(),
        StoreCommand.Create(),
        DemoCommand.Create(),
    });

    private static RootCommand WithVersion(RootCommand root)
    {
        root.Options.OfType<VersionOption>().Single().Action = new VersionAction();
        return root;
    }
}
