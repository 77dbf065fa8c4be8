namespace StructCore.Tests;

/// <summary>What a power cut takes of the changes that were not yet put on the disk; file systems differ.</summary>
internal enum LostAtCut
{
    /// <summary>Everything went straight to the disk.</summary>
    Nothing,

    /// <summary>Names that were given, changed or taken away, and bytes that were added.</summary>
    NamesAndBytes,

    /// <summary>Names alone: files keep their bytes.</summary>
    Names,

    /// <summary>Bytes alone: files keep names and lengths, and zeros stand where the bytes were.</summary>
    Bytes,
}
