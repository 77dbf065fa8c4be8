using System.Text.RegularExpressions;
using StructCore.Edge.Configuration;
using StructCore.Edge.Storage;

namespace StructCore.Edge.Operator.Doctor;

/// <summary>Who may read the secrets, and whether this user may read and write what the agent needs.</summary>
internal static partial class PermissionCheck
{
    public static Task RunAsync(AgentConfiguration configuration, Findings findings)
    {
        var options = configuration.Options;
        if (Environment.IsPrivilegedProcess)
        {
            findings.Warning("This is root, who may read and write everything: what the service's user may not do is not seen. Run: sudo -u structcore-edge structcore doctor …; and never run the agent as root.");
        }

        foreach (var broker in options.Stations.Select(s => s.Broker).Prepend(options.Broker).OfType<Triggers.BrokerOptions>())
        {
            Secret(broker.PasswordFile, findings);
            Secret(broker.Tls?.KeyFile, findings);
        }

        Secret(options.Http.KeyFile, findings);
        Secret(options.Updates.TokenFile, findings);

        foreach (var camera in options.Cameras.Where(c => Credentials().IsMatch(c.Source)))
        {
            if (SecretFile.IsOpenToStrangers(configuration.Path))
            {
                findings.Warning($"Camera '{camera.Id}': its address holds a password, and others than its owner and group may read '{configuration.Path}', or others than its owner write it. Run: chmod g-w,o-rwx '{configuration.Path}'");
            }
        }

        Readable(options.Banks.Folder, "Banks:Folder", findings);
        Writable(Path.GetDirectoryName(options.Store.Path)!, "Store:Path", findings);
        if (options.Evidence.Folder is { } evidence)
        {
            Writable(evidence, "Evidence:Folder", findings);
        }

        if (options.Updates.Enabled)
        {
            Writable(options.Updates.Folder, "Updates:Folder", findings);
            Writable(options.Banks.Folder, "Banks:Folder", findings);
        }

        return Task.CompletedTask;
    }

    private static void Secret(string? file, Findings findings)
    {
        if (file is null)
        {
            return;
        }

        try
        {
            using var _ = File.OpenRead(file);
            findings.Judge(SecretFile.IsOpenToStrangers(file) ? $"Others than its owner and group may read the secret in '{file}', or others than its owner write it. Run: chmod g-w,o-rwx '{file}'" : null, $"'{file}' is a secret and kept as one");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            findings.Fail($"{e.Message} Run: chgrp structcore-edge '{file}' && chmod 640 '{file}'");
        }
    }

    private static void Readable(string folder, string key, Findings findings)
    {
        try
        {
            findings.Ok($"{key}: '{folder}' can be read, {Directory.EnumerateFiles(folder).Count()} files");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            findings.Fail($"{key}: {e.Message} Make the folder, or let this user ({Environment.UserName}) read it.");
        }
    }

    // By writing: access bits know nothing of file systems that are mounted read-only, of lists of rights, or of sandboxes.
    private static void Writable(string folder, string key, Findings findings)
    {
        var existing = NearestFolder.Of(folder);
        var probe = Path.Combine(existing, $".structcore-doctor-{Guid.NewGuid():N}");
        try
        {
            using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
            }

            findings.Ok($"{key}: '{existing}' can be written");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            findings.Fail($"{key}: '{existing}' cannot be written by {Environment.UserName}: {e.Message} Give the folder to the agent's user, or name another one; the unit needs ReadWritePaths= for folders outside /var/lib/structcore-edge.");
        }
    }

    [GeneratedRegex("://[^/@:]+:[^/@]+@")]
    private static partial Regex Credentials();
}
