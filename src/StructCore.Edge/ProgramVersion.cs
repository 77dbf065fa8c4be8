using System.Reflection;
using System.Runtime.InteropServices;

namespace StructCore.Edge;

/// <summary>What runs here: for <c>--version</c>, the log's first line and <c>doctor</c>.</summary>
internal static class ProgramVersion
{
    /// <summary><c>0.1.0</c>, with the commit where the build knew it.</summary>
    public static string Number { get; } = typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public static string Describe(AdapterSet adapters) =>
        $"StructCore.Edge {Number}, {adapters.Name} adapters, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}";
}
