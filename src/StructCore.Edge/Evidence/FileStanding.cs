namespace StructCore.Edge.Evidence;

/// <summary>Whose a file in the evidence folder is.</summary>
internal enum FileStanding
{
    /// <summary>It has a row.</summary>
    Known,

    /// <summary>It belongs to a record of this store, or was never finished, and has no row: a crash left it.</summary>
    Orphan,

    /// <summary>Named like ours, but of no record of this store: another store's, and not ours to delete.</summary>
    Foreign,
}
