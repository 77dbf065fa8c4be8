namespace StructCore.Edge.Storage;

/// <summary>The file of a store: whatever fails on it tells path, reason and remedy, and what once was damaged is not trusted again.</summary>
/// <param name="path">Of the database file.</param>
/// <param name="companions">The files beside it that go with it, as they end.</param>
internal abstract class StoreFileGuard(string path, string companions)
{
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>What to do about damage.</summary>
    public string Damaged { get; } = $"The file is damaged: move it away (with its {companions}), put the last backup there or start with a new one, and check the disk.";

    /// <summary>The first sign of damage, though other parts may still be read and written.</summary>
    public InspectionStoreException? Damage { get; private set; }

    /// <summary>Runs one operation on the file.</summary>
    /// <exception cref="InspectionStoreException">It failed.</exception>
    public T Guard<T>(string what, Func<T> operation)
    {
        try
        {
            return operation();
        }
        catch (Exception exception) when (Explain(exception) is { } failure)
        {
            throw Failed(what, failure.Reason, failure.Remedy, exception);
        }
    }

    public InspectionStoreException Failed(string what, string reason, string remedy, Exception? inner = null)
    {
        var failure = new InspectionStoreException($"The inspection store '{Path}' failed at {what}: {reason.TrimEnd('.')}. {remedy}", inner);
        if (remedy == Damaged)
        {
            Damage ??= failure;
        }

        return failure;
    }

    /// <summary>Throws what a store says that is not sound, or not there any more.</summary>
    public void ThrowIfLost()
    {
        if (Damage is { } damage)
        {
            throw new InspectionStoreException(damage.Message, damage);
        }

        // An open file that was deleted takes writes without complaint.
        if (!File.Exists(Path))
        {
            throw new InspectionStoreException($"The inspection store '{Path}' was deleted or its disk unmounted while in use. Bring it back and start again.");
        }
    }

    public InspectionStoreException Absent() => new($"There is no inspection store '{Path}'. Name the file that Store:Path names.");

    public InspectionStoreException OfAnotherProgram() => new($"'{Path}' is a database of another program. Set Store:Path to a file of its own.");

    public InspectionStoreException Newer(long version, int known) =>
        new($"The inspection store '{Path}' has schema version {version}, this program knows up to {known}. A newer program wrote it: update this one, or set Store:Path to another file.");

    public InspectionStoreException Unanswerable(AcceptedTrigger trigger) =>
        new($"The verdict of trigger '{trigger.TriggerId}' (PLC epoch {trigger.PlcEpoch}, station '{trigger.Station}') is not stored in '{Path}': the trigger was never accepted or is answered already.");

    public InspectionStoreException Unmarkable(long sequence) => new($"The inspection store '{Path}' has no record {sequence} to mark as delivered.");

    /// <summary>Refuses a file that another set of adapters keeps.</summary>
    /// <param name="database">What it is then, with its article.</param>
    /// <param name="mark">What such a file has at <paramref name="offset"/>.</param>
    /// <param name="offset">In bytes.</param>
    /// <param name="adapters">That set, as <c>-p:Adapters</c> takes it.</param>
    protected void ThrowIfMarked(string database, ReadOnlySpan<byte> mark, int offset, string adapters)
    {
        if (!File.Exists(Path))
        {
            return;
        }

        var start = new byte[offset + mark.Length];
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (start.AsSpan(offset).SequenceEqual(mark))
        {
            throw new InspectionStoreException($"'{Path}' is {database}, as the adapters '{adapters}' keep it. Set Store:Path to another file, or run the build with -p:Adapters={adapters}.");
        }
    }

    /// <summary>What the failure means; null where it is none of the file.</summary>
    protected virtual (string Reason, string Remedy)? Explain(Exception exception) => exception switch
    {
        IOException or UnauthorizedAccessException => (exception.Message, "Check that the folder exists and that this user may write there."),
        FormatException or InvalidCastException or OverflowException => ($"a stored row cannot be read ({exception.Message})", Damaged),
        _ => null,
    };
}
