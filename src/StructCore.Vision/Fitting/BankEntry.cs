namespace StructCore.Vision.Fitting;

/// <summary>One raw array of a bank file.</summary>
/// <param name="Name">Entry name in the zip.</param>
/// <param name="Type"><c>f4</c> float32 or <c>i4</c> int32, little-endian, row-major.</param>
/// <param name="Shape">Sizes of the dimensions.</param>
/// <param name="Sha256">SHA-256 of the bytes, lower-case hex.</param>
public sealed record BankEntry(string Name, string Type, IReadOnlyList<int> Shape, string Sha256);
