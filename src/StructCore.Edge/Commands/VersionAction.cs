using System.CommandLine;
using System.CommandLine.Invocation;

namespace StructCore.Edge.Commands;

/// <summary><c>--version</c>: the program, its adapters, runtime and system, as the log's first line has them.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine(ProgramVersion.Describe(AdapterSet.Current));
        return CommandLineRunner.Done;
    }
}
