using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using StructCore.Edge.Cameras;
using StructCore.Edge.Storage;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.Scoring;

namespace StructCore.Edge.Verdicts;

/// <summary>Writes the frames of REJECT and ERROR as JPEG, with the anomaly map over them, after their verdict went out.</summary>
internal sealed class EvidenceWriter(string folder, string station, BackboneManifest backbone, IImageCodec codec, ILogger<EvidenceWriter> log)
{
    // The oldest image is dropped when the disk does not keep up: evidence is a help, the line does not wait for it.
    private readonly Channel<Evidence> _waiting = Channel.CreateBounded<Evidence>(new BoundedChannelOptions(8) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    /// <summary>Takes an image where there is one and the part was not accepted.</summary>
    public void Offer(InspectionRecord record, Frame? frame, Outcome outcome)
    {
        if (frame is not null && record.Verdict.Decision != Decision.Accept)
        {
            _waiting.Writer.TryWrite(new(record, frame, outcome.Scored, outcome.Bank));
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var evidence in _waiting.Reader.ReadAllAsync(cancellationToken))
        {
            try
            {
                Write(evidence);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidImageException)
            {
                log.EvidenceNotWritten(station, evidence.Record.Sequence, e.Message);
            }
        }
    }

    private void Write(Evidence evidence)
    {
        var (record, frame, scored, bank) = evidence;
        var day = Path.Combine(folder, station, record.DecidedAt.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        Directory.CreateDirectory(day);
        var image = scored is null || bank is null
            ? frame.Image
            : Overlay.Render(frame.Image, scored.Map, bank.Manifest.Frame, backbone.Resize, backbone.Crop, bank.Calibration.BaseThreshold);
        var name = string.Create(CultureInfo.InvariantCulture, $"{record.Sequence:D8}-{record.Verdict.Decision}.jpg").ToLowerInvariant();
        File.WriteAllBytes(Path.Combine(day, name), codec.EncodeJpeg(image));
    }

    private sealed record Evidence(InspectionRecord Record, Frame Frame, ScoredImage? Scored, ProductBank? Bank);
}
