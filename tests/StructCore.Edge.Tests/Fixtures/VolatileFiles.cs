using StructCore.Edge.BankUpdates.Files;

namespace StructCore.Tests;

/// <summary>A disk that forgets: bytes not followed by <see cref="Sync"/>, names not followed by <see cref="SyncFolder"/>.</summary>
internal sealed class VolatileFiles : UpdateFiles
{
    // By full path: files as they are, and as a cut would leave their names. Files that were never touched are in neither.
    private readonly Dictionary<string, Content> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Content> _kept = new(StringComparer.Ordinal);
    private readonly HashSet<string> _newFolders = new(StringComparer.Ordinal);

    public override void CreateFolder(string path)
    {
        for (var folder = Path.GetFullPath(path); !Directory.Exists(folder); folder = Path.GetDirectoryName(folder)!)
        {
            _newFolders.Add(folder);
        }

        base.CreateFolder(path);
    }

    public override void Append(string path, ReadOnlySpan<byte> bytes)
    {
        if (Find(path) is null)
        {
            _files[Path.GetFullPath(path)] = new Content();
        }

        base.Append(path, bytes);
    }

    public override void Sync(string path)
    {
        base.Sync(path);
        Find(path)!.Synced = new FileInfo(path).Length;
    }

    public override void SyncFolder(string path)
    {
        base.SyncFolder(path);
        var folder = Path.GetFullPath(path);
        foreach (var gone in _kept.Keys.Where(f => Path.GetDirectoryName(f) == folder).ToArray())
        {
            _kept.Remove(gone);
        }

        foreach (var (file, content) in _files.Where(f => Path.GetDirectoryName(f.Key) == folder))
        {
            _kept[file] = content;
        }

        _newFolders.RemoveWhere(f => Path.GetDirectoryName(f) == folder);
    }

    public override void Move(string from, string to)
    {
        var moved = Find(from);
        Find(to)?.Remember(to);
        base.Move(from, to);
        _files.Remove(Path.GetFullPath(from));
        _files[Path.GetFullPath(to)] = moved!;
    }

    public override void Delete(string path)
    {
        Find(path)?.Remember(path);
        base.Delete(path);
        _files.Remove(Path.GetFullPath(path));
    }

    /// <summary>Takes back from the disk what a power cut would take.</summary>
    public void TakeBack(LostAtCut lost)
    {
        if (lost == LostAtCut.Nothing)
        {
            return;
        }

        foreach (var (path, content) in _files)
        {
            content.Remember(path);
            File.Delete(path);
        }

        if (lost != LostAtCut.Bytes)
        {
            foreach (var folder in _newFolders.Where(Directory.Exists).ToArray())
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        foreach (var (path, content) in lost == LostAtCut.Bytes ? _files : _kept)
        {
            if (Directory.Exists(Path.GetDirectoryName(path)))
            {
                File.WriteAllBytes(path, content.After(lost));
            }
        }
    }

    // A file that was there before anything happened lies safely on the disk.
    private Content? Find(string path)
    {
        path = Path.GetFullPath(path);
        if (!_files.ContainsKey(path) && File.Exists(path))
        {
            _files[path] = _kept[path] = new Content { Synced = new FileInfo(path).Length };
        }

        return _files.GetValueOrDefault(path);
    }

    private sealed class Content
    {
        private byte[] _bytes = [];

        /// <summary>So many of its bytes are on the disk.</summary>
        public long Synced { get; set; }

        public void Remember(string path) => _bytes = File.ReadAllBytes(path);

        public byte[] After(LostAtCut lost)
        {
            var synced = (int)Math.Min(Synced, _bytes.Length);
            return lost switch
            {
                LostAtCut.NamesAndBytes => _bytes[..synced],
                LostAtCut.Bytes => [.. _bytes[..synced], .. new byte[_bytes.Length - synced]],
                _ => _bytes,
            };
        }
    }
}
