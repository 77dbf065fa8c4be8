using StructCore.Edge.BankUpdates.Files;

namespace StructCore.Edge.BankUpdates.Delivery;

/// <summary>The beginning of a package on the disk; outlives the agent.</summary>
internal sealed class PartialPackage
{
    // Often enough that a power cut costs little, seldom enough that a transfer stays fast.
    private const long SyncEvery = 4_000_000;

    private readonly string _path;
    private readonly UpdateFiles _files;
    private readonly PackageRequest _request;
    private readonly IProgress<long>? _progress;
    private long _synced;

    public PartialPackage(string path, PackageRequest request, UpdateFiles files, IProgress<long>? progress = null)
    {
        (_path, _request, _files, _progress) = (path, request, files, progress);
        Length = _synced = File.Exists(path) ? new FileInfo(path).Length : 0;
    }

    /// <summary>Bytes that are there.</summary>
    public long Length { get; private set; }

    /// <exception cref="UpdateRefusedException">More than the request allows.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (Length + bytes.Length > Math.Min(_request.Limit, _request.Package.Bytes))
        {
            throw new UpdateRefusedException(UpdateRefusal.TooLarge, $"package '{_request.FileName}' goes on after the {Math.Min(_request.Limit, _request.Package.Bytes)} bytes it should have. Publish it again.");
        }

        _files.Append(_path, bytes);
        Length += bytes.Length;
        if (Length - _synced >= SyncEvery)
        {
            _files.Sync(_path);
            _synced = Length;
        }

        _progress?.Report(Length);
    }

    /// <summary>Forgets what is there: it is the beginning of something else.</summary>
    public void Restart()
    {
        _files.Delete(_path);
        Length = _synced = 0;
    }
}
