using System.Runtime.InteropServices;
using StructCore.Edge.Configuration;

namespace StructCore.Edge.Operator.Doctor;

/// <summary>Room for what the agent writes, in bytes and in files.</summary>
internal static class DiskCheck
{
    private const long LeastBytes = 256L << 20;
    private const long FewBytes = 2L << 30;
    private const long LeastFiles = 1_000;

    // struct statvfs of 64-bit Linux, in 8-byte words.
    private const int StatWords = 14;
    private const int FragmentSize = 1;
    private const int AvailableBlocks = 4;
    private const int TotalFiles = 5;
    private const int AvailableFiles = 7;

    public static Task RunAsync(AgentOptions options, Findings findings)
    {
        Look("Store:Path", Path.GetDirectoryName(options.Store.Path)!, findings);
        Look("Banks:Folder", options.Banks.Folder, findings);
        if (options.Evidence.Folder is { } evidence)
        {
            Look("Evidence:Folder", evidence, findings);
        }

        return Task.CompletedTask;
    }

    private static void Look(string key, string folder, Findings findings)
    {
        var existing = folder;
        while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
        {
            existing = parent;
        }

        var stat = new ulong[StatWords];
        if (!OperatingSystem.IsLinux() || Statvfs(existing, stat) != 0)
        {
            return;
        }

        var (bytes, files) = ((long)(stat[FragmentSize] * stat[AvailableBlocks]), (long)stat[AvailableFiles]);
        var text = $"{key}: {bytes >> 20} MiB free at '{existing}'";

        // File systems that make inodes as they need them count none at all.
        if (stat[TotalFiles] > 0 && files < LeastFiles)
        {
            findings.Fail($"{key}: only {files} more files can be made at '{existing}' (df -i). Delete old files there, or move the folder to another disk.");
        }
        else if (bytes < LeastBytes)
        {
            findings.Fail($"{text}, at least {LeastBytes >> 20} MiB are needed. Delete old evidence and files of other programs, or move the folder to a larger disk.");
        }
        else if (bytes < FewBytes)
        {
            findings.Warning($"{text}. Below {FewBytes >> 20} MiB it is time for a larger disk or a shorter retention.");
        }
        else
        {
            findings.Ok(text);
        }
    }

    [DllImport("libc", EntryPoint = "statvfs", SetLastError = true)]
    private static extern int Statvfs([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [In, Out] ulong[] stat);
}
