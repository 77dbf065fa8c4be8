using System.Runtime.InteropServices;

namespace StructCore.Edge;

/// <summary>What runs here, in one line: for <c>--version</c>, the log's first line and <c>doctor</c>.</summary>
internal static class ProgramVersion
{
    public static string Describe(AdapterSet adapters) =>
        $"StructCore.Edge {Agent.Version}, {adapters.Name} adapters, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}";
}
