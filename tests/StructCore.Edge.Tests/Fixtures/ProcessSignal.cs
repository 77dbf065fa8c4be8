using System.Diagnostics;
using System.Runtime.InteropServices;

namespace StructCore.Tests;

/// <summary>POSIX signals to a process that a test has started.</summary>
internal static partial class ProcessSignal
{
    public const int Interrupt = 2;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    public static void Send(this Process process, int signal) => Assert.Equal(0, Kill(process.Id, signal));

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
