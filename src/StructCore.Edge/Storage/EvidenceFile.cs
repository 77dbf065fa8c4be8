namespace StructCore.Edge.Storage;

/// <summary>An image that was kept for a record.</summary>
/// <param name="Id">Given by the store; 0 until then.</param>
/// <param name="Sequence">The record it belongs to.</param>
/// <param name="Path">Relative to the evidence folder, with forward slashes.</param>
/// <param name="Sha256">Of the file, lower-case hex.</param>
public sealed record EvidenceFile(long Id, long Sequence, EvidenceKind Kind, string Path, long Bytes, string Sha256, DateTimeOffset WrittenAt);
