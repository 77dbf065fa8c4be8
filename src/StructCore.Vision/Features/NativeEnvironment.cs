using System.Runtime.InteropServices;

namespace StructCore.Vision.Features;

/// <summary>Environment variables as native libraries of this process see them.</summary>
internal static partial class NativeEnvironment
{
    /// <summary>Sets a variable, for libraries that have not looked yet.</summary>
    /// <returns>False where the system refuses; <see cref="Marshal.GetLastPInvokeError"/> says why.</returns>
    public static bool TrySet(string name, string value)
    {
        // Elsewhere than on Windows, .NET's own call changes only its copy of the environment.
        Environment.SetEnvironmentVariable(name, value);
        return OperatingSystem.IsWindows() || SetVariable(name, value, 1) == 0;
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
