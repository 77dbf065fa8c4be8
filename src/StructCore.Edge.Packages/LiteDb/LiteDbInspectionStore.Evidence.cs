using LiteDB;
using StructCore.Edge.Storage;

namespace StructCore.Edge.Packages.LiteDb;

/// <content>The images that were kept for records.</content>
internal sealed partial class LiteDbInspectionStore
{
    public EvidenceFile AddEvidence(EvidenceFile file) => Write("recording an image", store =>
    {
        if (store.Database.GetCollection(Collections.Record).FindById(file.Sequence) is null)
        {
            throw new InspectionStoreException($"The inspection store '{_file.Path}' has no record {file.Sequence} for the image '{file.Path}'.");
        }

        file = file with { Id = store.Next("last_evidence") };
        store.Agent["evidence_bytes"] = store.Agent["evidence_bytes"].AsInt64 + file.Bytes;
        store.Insert(Collections.Evidence, new BsonDocument { ["_id"] = file.Id, ["sequence"] = file.Sequence, ["kind"] = (int)file.Kind, ["bytes"] = file.Bytes }
            .With("path", file.Path)
            .With("sha256", file.Sha256)
            .With("written_at", file.WrittenAt));
        return file;
    });

    public IReadOnlyList<EvidenceFile> Evidence(long sequence) => Read("listing the images of a record", store =>
        store.By(Collections.Evidence, "sequence", sequence).Select(ReadEvidence).OrderBy(e => e.Id).ToList());

    public IReadOnlyList<EvidenceFile> OldestEvidence(int limit) => Read("listing the oldest images", store =>
        store.After(Collections.Evidence, 0, limit).Select(ReadEvidence).ToList());

    public void RemoveEvidence(IReadOnlyCollection<long> ids) => Write("forgetting images", store =>
    {
        foreach (var id in ids)
        {
            if (store.Database.GetCollection(Collections.Evidence).FindById(id) is { } document && store.Delete(Collections.Evidence, id))
            {
                store.Agent["evidence_bytes"] = store.Agent["evidence_bytes"].AsInt64 - document["bytes"].AsInt64;
            }
        }

        return ids.Count;
    });

    public long EvidenceBytes() => Read("adding up the images", store => store.Numbers()["evidence_bytes"].AsInt64);

    private static EvidenceFile ReadEvidence(BsonDocument document) => new(
        document["_id"].AsInt64,
        document["sequence"].AsInt64,
        (EvidenceKind)document["kind"].AsInt32,
        document.Text("path")!,
        document["bytes"].AsInt64,
        document.Text("sha256")!,
        document.Time("written_at"));
}
