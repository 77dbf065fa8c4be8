using System.Diagnostics;

namespace StructCore.Tests;

/// <summary>A disk of a few megabytes in memory, mounted for one test. Where nothing can be mounted, the test is skipped.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("structcore-disk-");

    /// <param name="skip">Called with the reason instead of skipping; throws.</param>
    public SmallDisk(int megabytes, Action<string>? skip = null)
    {
        var refusal = OperatingSystem.IsLinux() ? Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", Path) : "only Linux has tmpfs";
        if (refusal.Length > 0)
        {
            _folder.Delete();
            (skip ?? Assert.Skip)($"needs a small disk, which cannot be mounted here (root may): {refusal}");
        }
    }

    public string Path => _folder.FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Fills the disk to the last byte.</summary>
    public void Fill()
    {
        using var file = new FileStream(this["filler"], FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (var size in (int[])[1 << 16, 1])
        {
            try
            {
                while (true)
                {
                    file.Write(new byte[size]);
                }
            }
            catch (IOException)
            {
            }
        }
    }

    /// <summary>Takes away what <see cref="Fill"/> wrote.</summary>
    public void Clear() => File.Delete(this["filler"]);

    public void Dispose()
    {
        Run("umount", Path);
        _folder.Delete();
    }

    /// <returns>What went wrong; empty where nothing did.</returns>
    private static string Run(string program, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? "" : $"{program}: {error.Trim()}";
    }
}
