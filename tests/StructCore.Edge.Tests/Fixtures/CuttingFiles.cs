using StructCore.Edge.BankUpdates.Files;

namespace StructCore.Tests;

/// <summary>Files that change only while there is power: before each change, and in the middle of what is appended, it may end.</summary>
/// <param name="disk">What the changes are made with.</param>
internal sealed class CuttingFiles(PowerSupply power, UpdateFiles disk) : UpdateFiles
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
        power.Step($"append to {Name(path)}");
        disk.Append(path, bytes[..(bytes.Length / 2)]);
        power.Step($"append the second half to {Name(path)}");
        disk.Append(path, bytes[(bytes.Length / 2)..]);
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
