using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;

namespace StructCore.Edge.Replay;

/// <summary>The stored frame of a part that was rejected, which somebody says was good.</summary>
internal sealed record RejectedFrame(InspectionRecord Record, RgbImage Image, string Path, string Sha256)
{
    /// <exception cref="TeachingException">No such verdict, none that a bank rejected, or its frame is not there as it was written.</exception>
    /// <exception cref="InspectionStoreException">The store cannot be read.</exception>
    public static RejectedFrame Find(IInspectionStore store, string? folder, IImageCodec codec, ReplayRequest request)
    {
        var records = request.Find(store);
        if (records is not [var record])
        {
            throw new TeachingException(Replayer.NotOne(request, records).Message);
        }

        if (record.Verdict is not { Decision: Decision.Reject, Category: not null })
        {
            throw new TeachingException($"The verdict on trigger {request.TriggerId} was {record.Verdict.Decision.ToString().ToUpperInvariant()} ({record.Verdict.Reason}): only what a bank rejected can be taught.");
        }

        var frame = StoredFrame.Read(store, folder, codec, record);
        return frame is { Image: { } image, Path: { } path, Sha256: { } sha256 } ? new(record, image, path, sha256) : throw new TeachingException(frame.Message);
    }

    /// <summary>What goes on record of it.</summary>
    public TaughtImage Describe(string confirmedBy, DateTimeOffset now) => new() { Sha256 = Sha256, File = Path, TriggerId = Record.Trigger.TriggerId, ConfirmedBy = confirmedBy, TaughtAt = now };
}
