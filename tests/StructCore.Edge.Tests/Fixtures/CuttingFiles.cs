using StructCore.Edge.BankUpdates.Files;

namespace StructCore.Tests;

/// <summary>Files that change only while there is power: before each change, and every few bytes of what is appended, it may end.</summary>
/// <param name="disk">What the changes are made with.</param>
/// <param name="block">Bytes of a file after which it may end once more.</param>
internal sealed class CuttingFiles(PowerSupply power, UpdateFiles disk, int block = 50_000) : UpdateFiles
{
    public override void CreateFolder(string path)
    {
        if (!Directory.Exists(path))
        {
            power.Step($"create folder {Name(path)}");
        }

        disk.CreateFolder(path);
    }

    public override void Append(string path, ReadOnlySpan<byte> bytes)
    {
        // How a transfer comes in pieces is the network's whim: the steps are the file's, so that each try has the same.
        var at = File.Exists(path) ? new FileInfo(path).Length : 0;
        while (!bytes.IsEmpty)
        {
            if (at % block == 0)
            {
                power.Step($"append to {Name(path)} after {at} bytes");
            }

            var part = (int)Math.Min(bytes.Length, block - (at % block));
            disk.Append(path, bytes[..part]);
            at += part;
            bytes = bytes[part..];
        }
    }

    public override void Sync(string path)
    {
        power.Step($"sync {Name(path)}");
        disk.Sync(path);
    }

    public override void SyncFolder(string path)
    {
        power.Step($"sync folder {Name(path)}");
        disk.SyncFolder(path);
    }

    public override void Move(string from, string to)
    {
        power.Step($"move {Name(from)} to {Name(to)}");
        disk.Move(from, to);
    }

    public override void Delete(string path)
    {
        power.Step($"delete {Name(path)}");
        disk.Delete(path);
    }

    private static string Name(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
}
