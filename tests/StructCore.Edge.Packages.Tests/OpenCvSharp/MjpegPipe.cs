using System.Runtime.InteropServices;
using StructCore.Tests.Cameras;

namespace StructCore.Tests.OpenCvSharp;

/// <summary>A camera that writes into a named pipe: the live source that an OpenCV without network reads.</summary>
internal sealed partial class MjpegPipe(Func<int, byte[]> frame) : MjpegSource(frame)
{
    private readonly TemporaryFolder _folder = new();

    public override string Address => $"file://{Name}";

    private string Name => _folder["camera"];

    public override void Start()
    {
        MakePipe();
        base.Start();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (Directory.Exists(_folder.Path))
        {
            _folder.Dispose();
        }
    }

    protected override async Task<Stream> AcceptAsync(CancellationToken cancellationToken)
    {
        var pipe = await Task.Run(
            () =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                return Open(FileAccess.Write);
            },
            CancellationToken.None);

        // What this reader leaves unread is not for the next one, who opens another pipe.
        MakePipe();
        return pipe;
    }

    protected override IDisposable? Release() => File.Exists(Name) ? Open(FileAccess.ReadWrite) : null;

    private FileStream Open(FileAccess access) => new(Name, FileMode.Open, access, FileShare.ReadWrite, bufferSize: 0);

    private void MakePipe()
    {
        Assert.Equal(0, MakePipe(_folder["next"], 0x180));
        File.Move(_folder["next"], Name, overwrite: true);
    }

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int MakePipe(string path, uint mode);
}
