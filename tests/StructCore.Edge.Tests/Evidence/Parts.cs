using StructCore.Edge.Cameras;
using StructCore.Edge.Evidence;
using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Evidence;

/// <summary>Records in a store, as inspections of station <c>plant/line/one</c> leave them.</summary>
internal static class Parts
{
    public const string Station = "plant/line/one";

    public static InspectionRecord Inspect(this IInspectionStore store, string id, TimeProvider time, Decision decision = Decision.Reject)
    {
        var record = Undecided(id, time, decision);
        store.TryAccept(record.Trigger);
        return store.Complete(record);
    }

    public static InspectionRecord Undecided(string id, TimeProvider time, Decision decision = Decision.Reject)
    {
        var trigger = new AcceptedTrigger(Station, "7", $"\"{id}\"", null, null, null, time.GetUtcNow(), time.GetUtcNow().AddSeconds(2));
        return new InspectionRecord(trigger, new Verdict(decision, "test"), "frame", time.GetUtcNow(), 1, 1, time.GetUtcNow());
    }

    public static void Keep(this EvidenceArchive archive, InspectionRecord record, EvidenceKind kind, byte[] image) => archive.Keep(record, kind, file => file.Write(image));

    public static Frame Frame(int bytes, TimeProvider time) => new("frame", new RgbImage(1, bytes / RgbImage.Channels, new byte[bytes / RgbImage.Channels * RgbImage.Channels]), time.GetUtcNow(), time.GetTimestamp());
}
