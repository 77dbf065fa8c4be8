using System.Text;
using System.Text.RegularExpressions;
using StructCore.Edge.BankUpdates.Files;

namespace StructCore.Edge.BankUpdates.Delivery;

/// <summary>The beginning of a package on the disk, <c>CATEGORY-vN.SHA.part</c>; outlives the agent. The digits of the SHA-256 in its name keep it apart from another package of that version.</summary>
internal sealed partial class PartialPackage
{
    // Often enough that a power cut costs little, seldom enough that a transfer stays fast.
    private const long SyncEvery = 4_000_000;

    private const int NameDigits = 16;

    private readonly string _folder;
    private readonly PackageRequest _request;
    private readonly UpdateFiles _files;
    private readonly IProgress<long>? _progress;
    private long _synced;

    public PartialPackage(string folder, PackageRequest request, UpdateFiles files, IProgress<long>? progress = null)
    {
        (_folder, _request, _files, _progress) = (folder, request, files, progress);
        Path = System.IO.Path.Combine(folder, $"{System.IO.Path.GetFileNameWithoutExtension(request.FileName)}.{request.Package.Sha256[..NameDigits]}.part");
        Length = _synced = File.Exists(Path) ? new FileInfo(Path).Length : 0;
    }

    public string Path { get; }

    /// <summary>Bytes that are there.</summary>
    public long Length { get; private set; }

    /// <summary>What the server said identifies the file this is the beginning of; null where nothing does.</summary>
    public string? Validator => Length > 0 && File.Exists(ValidatorPath) ? File.ReadAllText(ValidatorPath) : null;

    private string ValidatorPath => Path + ".validator";

    /// <summary>Begins anew with what a server has.</summary>
    public void Begin(string? validator)
    {
        Restart();
        if (validator is not null)
        {
            _files.Append(ValidatorPath, Encoding.UTF8.GetBytes(validator));
        }
    }

    /// <exception cref="UpdateRefusedException">More than was announced.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (Length + bytes.Length > _request.Package.Bytes)
        {
            throw new UpdateRefusedException(UpdateRefusal.TooLarge, $"package '{_request.FileName}' goes on after the {_request.Package.Bytes} bytes that were announced. It was deleted; publish the package again.");
        }

        _files.Append(Path, bytes);
        Length += bytes.Length;
        if (Length - _synced >= SyncEvery)
        {
            _files.Sync(Path);
            _synced = Length;
        }

        _progress?.Report(Length);
    }

    /// <summary>Forgets what is there: it is the beginning of something else.</summary>
    public void Restart()
    {
        _files.Delete(Path);
        _files.Delete(ValidatorPath);
        Length = _synced = 0;
    }

    /// <summary>Gives it its name, so that the name never stands for half a package.</summary>
    public void Finish(string path)
    {
        _files.Sync(Path);
        _files.Move(Path, path);
        _files.Delete(ValidatorPath);
        _files.SyncFolder(_folder);
    }

    /// <summary>Deletes the beginnings of other packages of this category: nobody wants them any more.</summary>
    public void DeleteOthers()
    {
        foreach (var file in Directory.EnumerateFiles(_folder, "*.part*").Where(f => PartName().Match(System.IO.Path.GetFileName(f)) is { Success: true } name && name.Groups[1].Value == _request.Category))
        {
            if (file != Path && file != ValidatorPath)
            {
                _files.Delete(file);
            }
        }
    }

    [GeneratedRegex(@"\A(.+)-v[0-9]+\.[0-9a-f]{16}\.part(\.validator)?\z")]
    private static partial Regex PartName();
}
