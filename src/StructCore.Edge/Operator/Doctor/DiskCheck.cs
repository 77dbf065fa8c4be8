using System.Runtime.InteropServices;
using StructCore.Edge.Configuration;
using StructCore.Edge.Storage;

namespace StructCore.Edge.Operator.Doctor;

/// <summary>Room for what the agent writes, in bytes and in files.</summary>
internal static class DiskCheck
{
    private const long LeastFiles = 1_000;

    // Free space of so many times what must stay free is time to act.
    private const int Margin = 4;

    // struct statvfs of 64-bit Linux, in 8-byte words.
    private const int StatWords = 14;
    private const int FragmentSize = 1;
    private const int AvailableBlocks = 4;
    private const int TotalFiles = 5;
    private const int AvailableFiles = 7;

    public static Task RunAsync(AgentOptions options, Findings findings)
    {
        var least = options.Store.MinFreeMegabytes;
        Look("Store:Path", Path.GetDirectoryName(options.Store.Path)!, least, findings);
        Look("Banks:Folder", options.Banks.Folder, 0, findings);
        if (options.Updates.Enabled)
        {
            Look("Updates:Folder", options.Updates.Folder, least, findings);
        }

        if (options.Evidence.Folder is { } evidence)
        {
            Look("Evidence:Folder", evidence, least, findings);
        }

        return Task.CompletedTask;
    }

    private static void Look(string key, string folder, long leastMegabytes, Findings findings)
    {
        var existing = NearestFolder.Of(folder);
        var stat = new ulong[StatWords];
        if (!OperatingSystem.IsLinux() || Statvfs(existing, stat) != 0)
        {
            return;
        }

        var (megabytes, files) = ((long)(stat[FragmentSize] * stat[AvailableBlocks]) / 1_000_000, (long)stat[AvailableFiles]);
        var text = $"{key}: {megabytes} MB free at '{existing}'";

        // File systems that make inodes as they need them count none at all.
        if (stat[TotalFiles] > 0 && files < LeastFiles)
        {
            findings.Fail($"{key}: only {files} more files can be made at '{existing}' (df -i). Delete old files there, or move the folder to another disk.");
        }
        else if (megabytes < leastMegabytes)
        {
            findings.Fail($"{text}, {leastMegabytes} must stay free (Store:MinFreeMegabytes): the agent deletes its oldest evidence and then takes no trigger. Delete files of other programs, or move the folder to a larger disk.");
        }
        else if (megabytes < Margin * leastMegabytes)
        {
            findings.Warning($"{text}, {leastMegabytes} must stay free (Store:MinFreeMegabytes). Shorten the retention, or move the folder to a larger disk, before it comes to that.");
        }
        else
        {
            findings.Ok(text);
        }
    }

    [DllImport("libc", EntryPoint = "statvfs", SetLastError = true)]
    private static extern int Statvfs([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [In, Out] ulong[] stat);
}
