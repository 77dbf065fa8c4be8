using System.Security.Cryptography;
using StructCore.Edge.Evidence;
using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;
using StructCore.Vision.Imaging;

namespace StructCore.Edge.Replay;

/// <summary>The frame of a record, out of the evidence folder, if it is there and still the one that was written.</summary>
internal sealed record StoredFrame(RgbImage? Image, string? Path, ReplayOutcome Outcome, string Message)
{
    /// <summary>Of the file, lower-case hex; null where there is no image.</summary>
    public string? Sha256 { get; private init; }

    public static StoredFrame Read(IInspectionStore store, string? folder, IImageCodec codec, InspectionRecord record)
    {
        if (folder is null)
        {
            return None(ReplayOutcome.NoFrame, "No images are kept: set Evidence:Folder.");
        }

        if (store.Evidence(record.Sequence).FirstOrDefault(f => f.Kind == EvidenceKind.Frame) is not { } file)
        {
            return None(ReplayOutcome.NoFrame, record.Verdict.Decision == Decision.Accept
                ? "The frame is not kept: of accepted parts only a sample is (Evidence:AcceptSampling), and retention or a full disk may have removed it."
                : "The frame is not kept (any more): retention or a full disk removed it (Evidence:MaxAgeDays, MaxGigabytes; Store:MinFreeMegabytes), it is not written yet, or images were not kept at the time.");
        }

        return Read(System.IO.Path.Combine(folder, file.Path), file, codec);
    }

    private static StoredFrame Read(string path, EvidenceFile file, IImageCodec codec)
    {
        try
        {
            // The length first: a file that grew is not read into memory.
            if (!EvidencePath.TryParse(file.Path, out _, out _) || new FileInfo(path).Length != file.Bytes)
            {
                return Changed(path, file);
            }

            var image = File.ReadAllBytes(path);
            return Convert.ToHexStringLower(SHA256.HashData(image)) == file.Sha256 ? new(codec.Decode(image, path), file.Path, default, "") { Sha256 = file.Sha256 } : Changed(path, file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return None(ReplayOutcome.NoFrame, $"The frame's file '{path}' is gone, though the store knows it: somebody deleted it, or its disk is not mounted.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidImageException)
        {
            return None(ReplayOutcome.NoFrame, $"The frame's file cannot be read: {e.Message}");
        }
    }

    private static StoredFrame Changed(string path, EvidenceFile file) =>
        None(ReplayOutcome.FrameChanged, $"The file '{path}' is not the one that was written ({file.Bytes} bytes, sha256 {file.Sha256}): it was changed or is damaged. Bring it back from a backup.");

    private static StoredFrame None(ReplayOutcome outcome, string message) => new(null, null, outcome, message);
}
