using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using StructCore.Edge.Cameras;
using StructCore.Edge.Storage;
using StructCore.Edge.Telemetry;
using StructCore.Edge.Verdicts;
using StructCore.Vision.Features;
using StructCore.Vision.Imaging;
using StructCore.Vision.Scoring;

namespace StructCore.Edge.Evidence;

/// <summary>Keeps the frames of one station's REJECT and ERROR, and of a sample of its ACCEPT, after their verdicts went out.</summary>
internal sealed class EvidenceWriter(string station, EvidenceArchive archive, IInspectionStore store, DiskGuard disk, BackboneManifest backbone, IImageCodec codec, StationState state, TimeProvider time, ILogger<EvidenceWriter> log)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private readonly EvidenceQueue _waiting = new(archive.Options.MaxWaitingMegabytes * 1_000_000L);

    // One place, further wakes are dropped: a wake means "look again", and one look takes everything.
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _losing = new();
    private long _accepts;
    private long _lostNow;
    private bool _failing;

    /// <summary>Images of REJECT and ERROR that were lost since the start.</summary>
    public long Lost { get; private set; }

    /// <summary>Takes what is to be kept; never waits.</summary>
    public void Offer(InspectionRecord record, Frame? frame, Outcome outcome)
    {
        if (frame is null || (record.Verdict.Decision == Decision.Accept && !IsSampled(++_accepts)))
        {
            return;
        }

        var evidence = new WaitingEvidence(record, frame.Share(), outcome);
        if (!_waiting.TryAdd(evidence) && !evidence.IsSample)
        {
            Lose($"{archive.Options.MaxWaitingMegabytes} MB wait for '{archive.Folder}' already");
        }

        _wake.Writer.TryWrite(true);
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var _ in _wake.Reader.ReadAllAsync(cancellationToken))
        {
            while (_waiting.TryTake(out var evidence))
            {
                if (!await TryWriteAsync(evidence))
                {
                    _waiting.PutBack(evidence);
                    await Task.Delay(RetryDelay, time, cancellationToken);
                }
            }

            CaughtUp();
        }
    }

    /// <summary>Writes what still waits, for at most this long, each only once.</summary>
    public async Task FinishAsync(TimeSpan limit)
    {
        var start = time.GetTimestamp();
        var unwritten = 0;
        while (_waiting.TryTake(out var evidence))
        {
            unwritten += time.GetElapsedTime(start) < limit && await TryWriteAsync(evidence) ? 0 : 1;
        }

        if (unwritten > 0)
        {
            log.EvidenceLeft(station, unwritten, archive.Folder);
        }
    }

    /// <summary>Every n-th, where the share is 1 / n.</summary>
    private bool IsSampled(long count)
    {
        var share = archive.Options.AcceptSampling;
        return Math.Floor(count * share) > Math.Floor((count - 1) * share);
    }

    // Beside this loop: encoding and flushing take long.
    private Task<bool> TryWriteAsync(WaitingEvidence evidence) => Task.Run(() => TryWrite(evidence));

    /// <summary>False where it is to be tried again.</summary>
    private bool TryWrite(WaitingEvidence evidence)
    {
        try
        {
            if (!Write(evidence))
            {
                return false;
            }

            _failing = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InspectionStoreException)
        {
            if (!_failing)
            {
                _failing = true;
                log.EvidenceNotWritten(station, evidence.Record.Sequence, e.Message);
            }

            disk.Wake();
            return false;
        }
        catch (Exception e) when (e is InvalidImageException or ArgumentException)
        {
            Lose(e.Message);
        }

        _waiting.Release(evidence);
        return true;
    }

    private bool Write(WaitingEvidence evidence)
    {
        var (trigger, frame) = (evidence.Record.Trigger, evidence.Frame.Image);
        if (store.Find(trigger.Station, trigger.PlcEpoch, trigger.TriggerId) is not { } record)
        {
            // One without a number is stored later; one that had a number is gone by retention.
            return evidence.Record.Sequence > 0;
        }

        archive.Keep(record, EvidenceKind.Frame, file => codec.EncodePng(frame, file));
        if (!evidence.IsSample)
        {
            using var overlay = Draw(evidence);
            archive.Keep(record, EvidenceKind.Overlay, file => codec.EncodeJpeg(overlay, file));
        }

        return true;
    }

    private RgbImage Draw(WaitingEvidence evidence)
    {
        var (frame, (_, scored, bank)) = (evidence.Frame.Image, evidence.Outcome);
        using var map = scored?.DrawMap();
        return map is null || bank is null
            ? frame.Share()
            : Overlay.Render(frame, map, bank.Manifest.Frame, backbone.Resize, backbone.Crop, bank.Calibration.BaseThreshold);
    }

    private void Lose(string reason)
    {
        lock (_losing)
        {
            Lost++;
            if (_lostNow++ == 0)
            {
                log.EvidenceLost(station, reason);
                state.SetFault(Fault.EvidenceLost, $"images of rejected parts are lost: {reason}");
            }
        }
    }

    private void CaughtUp()
    {
        lock (_losing)
        {
            if (_lostNow > 0)
            {
                log.EvidenceCaughtUp(station, _lostNow);
                _lostNow = 0;
                state.SetFault(Fault.EvidenceLost, null);
            }
        }
    }
}
