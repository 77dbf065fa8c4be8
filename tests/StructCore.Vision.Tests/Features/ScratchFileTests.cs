using StructCore.Vision.Features;

namespace StructCore.Tests.Features;

public sealed class ScratchFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>A name would outlive a process that is killed.</summary>
    [Fact]
    public void Create_InUse_HasNoNameYetKeepsWhatIsWritten()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows deletes with the handle.");
        using var file = ScratchFile.Create(_folder.Path, ".tokens");
        RandomAccess.Write(file.SafeFileHandle, "kept"u8, 3);

        Assert.Empty(Directory.GetFiles(_folder.Path));
        var read = new byte[4];
        Assert.Equal(4, RandomAccess.Read(file.SafeFileHandle, read, 3));
        Assert.Equal("kept"u8, read);
    }

    [Fact]
    public void Create_FolderThatIsNotThere_Throws() => Assert.ThrowsAny<IOException>(() => ScratchFile.Create(_folder["none"], ".tokens"));
}
