namespace StructCore.Tests.Faults;

/// <summary>A mount of its own that only processes started in it see; it goes when this ends, whatever happens to the test.</summary>
internal sealed class PrivateDisk : IAsyncDisposable
{
    private readonly ToolProcess _keeper;

    private PrivateDisk(ToolProcess keeper, string folder) => (_keeper, Folder) = (keeper, $"/proc/{keeper.Id}/root{folder}");

    /// <summary>The mounted folder as seen from outside.</summary>
    public string Folder { get; }

    /// <summary>An empty disk; null where this user may not mount.</summary>
    public static Task<PrivateDisk?> SmallAsync(string folder, int megabytes) => MountAsync(folder, $"mount -t tmpfs -o size={megabytes}m none '{folder}'");

    /// <summary>The folder as it is, but nothing in it can be written; null where this user may not mount.</summary>
    public static Task<PrivateDisk?> ReadOnlyAsync(string folder) => MountAsync(folder, $"mount --bind '{folder}' '{folder}' && mount -o remount,bind,ro '{folder}'");

    public ToolProcess StartAgent(Line line) =>
        new("nsenter", ["-t", $"{_keeper.Id}", "--user", "--mount", "--preserve-credentials", Structcore.Executable, "run", "--config", line.Configuration]);

    public ValueTask DisposeAsync() => _keeper.DisposeAsync();

    private static async Task<PrivateDisk?> MountAsync(string folder, string mount)
    {
        Directory.CreateDirectory(folder);
        const string Own = "unshare --user --map-root-user --mount";
        var keeper = new ToolProcess("sh", ["-c", $"{Own} true || echo refused; exec {Own} sh -c \"{{ {mount}; }} && echo mounted || echo refused; exec sleep infinity\""]);
        await keeper.WaitForOutputAsync(output => output.Contains('\n', StringComparison.Ordinal), "whether it has mounted");
        if (keeper.Output.Contains("mounted", StringComparison.Ordinal))
        {
            return new(keeper, folder);
        }

        await keeper.DisposeAsync();
        return null;
    }
}
