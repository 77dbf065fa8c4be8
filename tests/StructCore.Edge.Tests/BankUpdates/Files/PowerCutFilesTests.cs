using StructCore.Edge.BankUpdates.Files;

namespace StructCore.Tests.BankUpdates.Files;

/// <summary>The files of the power-cut suite do what a disk does.</summary>
public sealed class PowerCutFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly VolatileFiles _disk = new();

    private string File1 => _folder["one"];

    private string File2 => _folder["two"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, false, LostAtCut.NamesAndBytes, null)]
    [InlineData(true, false, LostAtCut.NamesAndBytes, null)]
    [InlineData(false, true, LostAtCut.NamesAndBytes, "")]
    [InlineData(true, true, LostAtCut.NamesAndBytes, "ab")]
    [InlineData(false, false, LostAtCut.Names, null)]
    [InlineData(false, true, LostAtCut.Names, "ab")]
    [InlineData(false, false, LostAtCut.Bytes, "\0\0")]
    [InlineData(true, false, LostAtCut.Bytes, "ab")]
    [InlineData(false, false, LostAtCut.Nothing, "ab")]
    internal void NewFile_IsThereAfterTheCut_AsFarAsItWasSynced(bool bytes, bool name, LostAtCut lost, string? expected)
    {
        _disk.Append(File1, "ab"u8);
        Sync(bytes ? File1 : null, name);
        _disk.TakeBack(lost);
        Assert.Equal(expected, Read(File1));
    }

    [Theory]
    [InlineData(LostAtCut.NamesAndBytes, "old")]
    [InlineData(LostAtCut.Names, "old+")]
    [InlineData(LostAtCut.Bytes, "old\0")]
    internal void OldFile_LosesWhatWasAppended(LostAtCut lost, string expected)
    {
        File.WriteAllText(File1, "old");
        _disk.Append(File1, "+"u8);
        _disk.TakeBack(lost);
        Assert.Equal(expected, Read(File1));
    }

    [Theory]
    [InlineData(false, "new", "old")]
    [InlineData(true, null, "new")]
    public void Move_OverAnotherFile_CountsOnceTheFolderIsSynced(bool synced, string? from, string to)
    {
        File.WriteAllText(File1, "new");
        File.WriteAllText(File2, "old");
        _disk.Move(File1, File2);
        Sync(null, synced);
        _disk.TakeBack(LostAtCut.NamesAndBytes);
        Assert.Equal((from, to), (Read(File1), Read(File2)));
    }

    [Fact]
    public void Move_BetweenFolders_IsLostWhereOnlyTheOldOneIsSynced()
    {
        Directory.CreateDirectory(_folder["to"]);
        File.WriteAllText(File1, "new");
        _disk.Move(File1, _folder["to/two"]);
        Sync(null, folder: true);
        _disk.TakeBack(LostAtCut.NamesAndBytes);
        Assert.Equal((null, null), (Read(File1), Read(_folder["to/two"])));
    }

    [Theory]
    [InlineData(false, "old")]
    [InlineData(true, null)]
    public void Delete_CountsOnceTheFolderIsSynced(bool synced, string? expected)
    {
        File.WriteAllText(File1, "old");
        _disk.Delete(File1);
        Sync(null, synced);
        _disk.TakeBack(LostAtCut.NamesAndBytes);
        Assert.Equal(expected, Read(File1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void NewFolder_IsThere_OnceItsParentIsSynced(bool synced)
    {
        _disk.CreateFolder(_folder["a/b"]);
        _disk.Append(_folder["a/b/one"], "x"u8);
        _disk.Sync(_folder["a/b/one"]);
        _disk.SyncFolder(_folder["a/b"]);
        Sync(null, synced);
        _disk.TakeBack(LostAtCut.NamesAndBytes);
        Assert.Equal((synced, false), (Directory.Exists(_folder["a"]), File.Exists(_folder["a/b/one"])));
    }

    [Fact]
    public void Power_CutInTheMiddleOfAnAppend_LeavesHalfAndNothingMoreHappens()
    {
        var power = new PowerSupply(cutAt: 3);
        var files = new CuttingFiles(power, new UpdateFiles(), block: 2);
        files.CreateFolder(_folder["there"]);
        Assert.Throws<PowerCutException>(() => files.Append(File1, "abcd"u8));
        Assert.Throws<PowerCutException>(() => files.Delete(File1));

        Assert.Equal("ab", Read(File1));
        Assert.Equal(["create folder there", "append to one after 0 bytes", "append to one after 2 bytes"], power.Steps);
        Assert.True(power.Cut.IsCompletedSuccessfully);
    }

    private static string? Read(string path) => File.Exists(path) ? File.ReadAllText(path) : null;

    private void Sync(string? file, bool folder)
    {
        if (file is not null)
        {
            _disk.Sync(file);
        }

        if (folder)
        {
            _disk.SyncFolder(Path.GetDirectoryName(File1)!);
        }
    }
}
