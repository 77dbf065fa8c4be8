using Microsoft.Data.Sqlite;
using StructCore.Edge.Storage;

namespace StructCore.Edge.Native.Sqlite;

/// <content>The images that were kept for records.</content>
internal sealed partial class SqliteInspectionStore
{
    private const string EvidenceColumns = "id, sequence, kind, path, bytes, sha256, written_at";

    public EvidenceFile AddEvidence(EvidenceFile file) => Write("recording an image", sql =>
    {
        var insert = sql.Statement("INSERT INTO evidence (sequence, kind, path, bytes, sha256, written_at) VALUES ($sequence, $kind, $path, $bytes, $sha256, $written_at) RETURNING id");
        InspectionRow.Add(insert.Parameters, "$sequence", file.Sequence);
        InspectionRow.Add(insert.Parameters, "$kind", (long)file.Kind);
        InspectionRow.Add(insert.Parameters, "$path", file.Path);
        InspectionRow.Add(insert.Parameters, "$bytes", file.Bytes);
        InspectionRow.Add(insert.Parameters, "$sha256", file.Sha256);
        InspectionRow.Add(insert.Parameters, "$written_at", InspectionRow.Time(file.WrittenAt));
        return file with { Id = (long)insert.ExecuteScalar()! };
    });

    public IReadOnlyList<EvidenceFile> Evidence(long sequence) => Read("listing the images of a record", sql =>
    {
        var select = sql.Statement($"SELECT {EvidenceColumns} FROM evidence WHERE sequence = $sequence ORDER BY id");
        InspectionRow.Add(select.Parameters, "$sequence", sequence);
        return All(select, ReadEvidence);
    });

    public IReadOnlyList<EvidenceFile> OldestEvidence(int limit) => Read("listing the oldest images", sql =>
    {
        var select = sql.Statement($"SELECT {EvidenceColumns} FROM evidence ORDER BY id LIMIT $limit");
        InspectionRow.Add(select.Parameters, "$limit", limit);
        return All(select, ReadEvidence);
    });

    public void RemoveEvidence(IReadOnlyCollection<long> ids) => Write("forgetting images", sql => ForEach(sql.Statement("DELETE FROM evidence WHERE id = $key"), ids));

    public long EvidenceBytes() => Read("adding up the images", sql => (long)sql.Statement("SELECT coalesce(sum(bytes), 0) FROM evidence").ExecuteScalar()!);

    private static EvidenceFile ReadEvidence(SqliteDataReader row) =>
        new(row.GetInt64(0), row.GetInt64(1), (EvidenceKind)row.GetInt32(2), row.GetString(3), row.GetInt64(4), row.GetString(5), InspectionRow.Time(row.GetString(6)));
}
