using System.Reflection;
using System.Runtime.InteropServices;

namespace StructCore.Edge;

/// <summary>What runs here: for <c>--version</c>, the log's first line, <c>doctor</c>, health and telemetry.</summary>
internal static class ProgramVersion
{
    /// <summary>As built: the release, and the commit where it is known.</summary>
    public static string Number { get; } = typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>The release alone, to be compared with others.</summary>
    public static Version Release { get; } = Version.Parse(Number.Split('-', '+')[0]);

    public static string Describe(AdapterSet adapters) =>
        $"StructCore.Edge {Number}, {adapters.Name} adapters, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}";
}
