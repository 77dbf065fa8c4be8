namespace StructCore.Vision.Fitting;

/// <summary>Bank files <c>NAME-vN.scbank</c>: one per category and version.</summary>
public static class BankFile
{
    /// <summary>File name ending.</summary>
    public const string Extension = ".scbank";

    /// <summary>Reads and verifies a bank.</summary>
    /// <exception cref="MemoryBanks.InvalidBankException">Missing, truncated, altered, or of a newer format; the message names the entry.</exception>
    public static ProductBank Read(string path) => throw new NotSupportedException();

    /// <summary>The newest version of every category in <paramref name="folder"/>, in ordinal order of the names.</summary>
    /// <param name="folder">Folder of bank files; other files in it are ignored.</param>
    /// <param name="categories">Only these; all where it is empty.</param>
    /// <exception cref="MemoryBanks.InvalidBankException">No bank, or one that cannot be read.</exception>
    public static IReadOnlyList<ProductBank> ReadNewest(string folder, IReadOnlyCollection<string> categories) => throw new NotSupportedException();
}
