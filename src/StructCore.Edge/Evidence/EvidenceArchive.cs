using System.Security.Cryptography;
using StructCore.Edge.Storage;
using StructCore.Vision.Features;

namespace StructCore.Edge.Evidence;

/// <summary>The evidence folder and its rows in the store, kept in step: a file is whole before it has a row, and gone before its row is.</summary>
internal sealed class EvidenceArchive(EvidenceOptions options, IInspectionStore store, TimeProvider time)
{
    /// <summary>Files that are deleted, and rows that are forgotten, in one go.</summary>
    public const int Batch = 64;

    // Held from writing a file to storing its row: between the two it looks like one that a crash left behind.
    private readonly Lock _gate = new();
    private long? _bytes;

    public EvidenceOptions Options => options;

    public string Folder { get; } = Path.GetFullPath(options.Folder ?? throw new ArgumentException("Evidence:Folder is missing.", nameof(options)));

    /// <summary>Bytes of all images on record.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _bytes ??= store.EvidenceBytes();
            }
        }
    }

    /// <summary>Writes an image and records it; once more does nothing.</summary>
    /// <exception cref="IOException">Not written. Try again later.</exception>
    /// <exception cref="InspectionStoreException">Not recorded. Try again later.</exception>
    public void Keep(InspectionRecord record, EvidenceKind kind, Action<Stream> write)
    {
        var path = EvidencePath.For(record, kind);
        lock (_gate)
        {
            if (Knows(record.Sequence, path))
            {
                return;
            }

            var file = Path.Combine(Folder, path);
            var length = 0L;
            using var sha256 = SHA256.Create();
            AtomicFile.Write(
                file,
                stream =>
                {
                    using var hashing = new CryptoStream(stream, sha256, CryptoStreamMode.Write, leaveOpen: true);
                    write(hashing);
                    hashing.FlushFinalBlock();
                    length = stream.Position;
                },
                temporary: file + EvidencePath.Temporary);
            store.AddEvidence(new EvidenceFile(0, record.Sequence, kind, path, length, Convert.ToHexStringLower(sha256.Hash!), time.GetUtcNow()));
            _bytes += length;
        }
    }

    /// <summary>Deletes the oldest images, at most one batch, up to the first that is not <paramref name="due"/>.</summary>
    /// <returns>How many, and their bytes.</returns>
    public (int Files, long Bytes) DeleteOldest(Func<EvidenceFile, bool> due)
    {
        lock (_gate)
        {
            var files = store.OldestEvidence(Batch).TakeWhile(due).ToArray();
            foreach (var file in files.Where(f => EvidencePath.TryParse(f.Path, out _, out _)))
            {
                Delete(Path.Combine(Folder, file.Path));
            }

            return Forget(files);
        }
    }

    /// <summary>Forgets the oldest rows whose files are gone: a crash came between the two.</summary>
    public int ForgetMissing()
    {
        lock (_gate)
        {
            // Where not one file is there, the disk is not mounted, and the rows must stay.
            var there = store.OldestEvidence(2 * Batch).ToLookup(f => File.Exists(Path.Combine(Folder, f.Path)));
            return there.Contains(true) ? Forget([.. there[false]]).Files : 0;
        }
    }

    /// <summary>Every file in the folder that is named as ours are, by its relative path.</summary>
    public IEnumerable<string> Files() =>
        from file in Directory.Exists(Folder) ? Directory.EnumerateFiles(Folder, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint }) : []
        let path = Path.GetRelativePath(Folder, file).Replace(Path.DirectorySeparatorChar, '/')
        where EvidencePath.TryParse(WithoutTemporary(path), out _, out _)
        select path;

    /// <summary>Deletes a file that a crash left without a row; leaves one whose record this store does not have.</summary>
    public FileStanding Settle(string path)
    {
        lock (_gate)
        {
            var standing = StandingOf(path);
            if (standing == FileStanding.Orphan)
            {
                Delete(Path.Combine(Folder, path));
            }

            return standing;
        }
    }

    private static string WithoutTemporary(string path) =>
        path.EndsWith(EvidencePath.Temporary, StringComparison.Ordinal) ? path[..^EvidencePath.Temporary.Length] : path;

    private static void Delete(string path)
    {
        var day = new DirectoryInfo(Path.GetDirectoryName(path)!);
        if (!day.Exists)
        {
            return;
        }

        File.Delete(path);
        if (!day.EnumerateFileSystemInfos().Any())
        {
            day.Delete();
        }
    }

    private FileStanding StandingOf(string path)
    {
        if (path.EndsWith(EvidencePath.Temporary, StringComparison.Ordinal))
        {
            return FileStanding.Orphan;
        }

        if (!EvidencePath.TryParse(path, out var sequence, out var kind) || Knows(sequence, path))
        {
            return FileStanding.Known;
        }

        return store.Records(sequence - 1, 1) is [var record] && record.Sequence == sequence && EvidencePath.For(record, kind) == path ? FileStanding.Orphan : FileStanding.Foreign;
    }

    private bool Knows(long sequence, string path) => store.Evidence(sequence).Any(f => f.Path == path);

    private (int Files, long Bytes) Forget(EvidenceFile[] files)
    {
        if (files.Length == 0)
        {
            return default;
        }

        store.RemoveEvidence([.. files.Select(f => f.Id)]);
        var bytes = files.Sum(f => f.Bytes);
        _bytes -= bytes;
        return (files.Length, bytes);
    }
}
