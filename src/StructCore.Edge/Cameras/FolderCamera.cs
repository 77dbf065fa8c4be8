using StructCore.Vision.Imaging;

namespace StructCore.Edge.Cameras;

/// <summary>Replays the images of a folder in ordinal order of their names; a file is read when its frame is asked for. Opened again it goes on with the next file; after the last it begins anew.</summary>
internal sealed class FolderCamera(CameraOptions options, IImageCodec codec, TimeProvider time) : ICamera
{
    private IReadOnlyList<string> _files = [];
    private int _next;
    private long _frames;

    public string Id => options.Id;

    public bool IsLive => false;

    public bool CanProbe => false;

    public string? Failure => Directory.Exists(options.Source) ? null : $"Camera '{Id}': the folder '{options.Source}' is gone.";

    public CameraCounters Counters => new(Volatile.Read(ref _frames), 0, 0);

    public Task OpenAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _next = _next < _files.Count ? _next : 0;
        try
        {
            _files = ImageFiles.In(options.Source);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CameraException($"Camera '{Id}': the folder '{options.Source}' cannot be read: {e.Message} Check the camera's Source and its permissions.", e);
        }

        if (_files.Count == 0)
        {
            throw new CameraException($"Camera '{Id}': the folder '{options.Source}' holds no PNG, JPEG, BMP or TIFF file. Put images there or set the camera's Source.");
        }

        // The first decoding loads native libraries, a quarter of a second: here no part waits for it.
        codec.Decode(codec.EncodePng(new RgbImage(1, 1, new byte[RgbImage.Channels])), "warm-up").Dispose();
        return Task.CompletedTask;
    }

    public async Task<GrabResult> GrabAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_files.Count == 0)
        {
            return GrabResult.Failed($"Camera '{Id}' is not open.");
        }

        if (_next >= _files.Count)
        {
            if (!options.Loop)
            {
                return GrabResult.Failed($"Camera '{Id}': the folder '{options.Source}' has no image after its last, '{Path.GetFileName(_files[^1])}'. Set the camera's Loop to start again.");
            }

            _next = 0;
        }

        var path = _files[_next++];
        try
        {
            // The folder may lie on a share that no longer answers.
            using var encoded = await Task.Run(() => EncodedImage.Read(path), cancellationToken).WaitAsync(TimeSpan.FromMilliseconds(options.GrabTimeoutMs), time, cancellationToken);
            var (capturedAt, timestamp) = (time.GetUtcNow(), time.GetTimestamp());
            return FrameRegion.ToFrame(options, $"{++_frames:D6}-{Path.GetFileName(path)}", codec.Decode(encoded.Bytes, path), capturedAt, timestamp);
        }
        catch (InvalidImageException e)
        {
            return GrabResult.Spoilt($"Camera '{Id}': {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return GrabResult.Failed($"Camera '{Id}': {e.Message}");
        }
        catch (TimeoutException)
        {
            return GrabResult.Failed($"Camera '{Id}': '{path}' was not read within {options.GrabTimeoutMs} ms. Check the disk or share it lies on.");
        }
    }

    public ValueTask DisposeAsync()
    {
        _files = [];
        return ValueTask.CompletedTask;
    }
}
