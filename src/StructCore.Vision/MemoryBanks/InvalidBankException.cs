namespace StructCore.Vision.MemoryBanks;

/// <summary>A bank file that cannot be used. The message names the file, the entry, what was expected, what was found and what to do.</summary>
public sealed class InvalidBankException(string message, Exception? inner = null) : Exception(message, inner);
