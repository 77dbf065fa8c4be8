using Microsoft.Data.Sqlite;
using StructCore.Edge.Storage;

namespace StructCore.Edge.Native.Sqlite;

/// <content>The images that were kept for records.</content>
internal sealed partial class SqliteInspectionStore
{
    private const string EvidenceColumns = "id, sequence, kind, path, bytes, sha256, written_at";

    public EvidenceFile AddEvidence(EvidenceFile file) => Write("recording an image", command =>
    {
        command.CommandText = "INSERT INTO evidence (sequence, kind, path, bytes, sha256, written_at) VALUES ($sequence, $kind, $path, $bytes, $sha256, $written_at) RETURNING id";
        InspectionRow.Add(command.Parameters, "$sequence", file.Sequence);
        InspectionRow.Add(command.Parameters, "$kind", (long)file.Kind);
        InspectionRow.Add(command.Parameters, "$path", file.Path);
        InspectionRow.Add(command.Parameters, "$bytes", file.Bytes);
        InspectionRow.Add(command.Parameters, "$sha256", file.Sha256);
        InspectionRow.Add(command.Parameters, "$written_at", InspectionRow.Time(file.WrittenAt));
        return file with { Id = (long)command.ExecuteScalar()! };
    });

    public IReadOnlyList<EvidenceFile> Evidence(long sequence) => Read("listing the images of a record", command =>
    {
        command.CommandText = $"SELECT {EvidenceColumns} FROM evidence WHERE sequence = $sequence ORDER BY id";
        InspectionRow.Add(command.Parameters, "$sequence", sequence);
        return All(command, ReadEvidence);
    });

    public IReadOnlyList<EvidenceFile> OldestEvidence(int limit) => Read("listing the oldest images", command =>
    {
        command.CommandText = $"SELECT {EvidenceColumns} FROM evidence ORDER BY id LIMIT $limit";
        InspectionRow.Add(command.Parameters, "$limit", limit);
        return All(command, ReadEvidence);
    });

    public void RemoveEvidence(IReadOnlyCollection<long> ids) => Write("forgetting images", command => ForEach(command, "DELETE FROM evidence WHERE id = $key", ids));

    public long EvidenceBytes() => Read("adding up the images", command =>
    {
        command.CommandText = "SELECT coalesce(sum(bytes), 0) FROM evidence";
        return (long)command.ExecuteScalar()!;
    });

    private static EvidenceFile ReadEvidence(SqliteDataReader row) =>
        new(row.GetInt64(0), row.GetInt64(1), (EvidenceKind)row.GetInt32(2), row.GetString(3), row.GetInt64(4), row.GetString(5), InspectionRow.Time(row.GetString(6)));
}
