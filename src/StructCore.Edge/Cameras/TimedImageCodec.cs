using StructCore.Vision.Imaging;

namespace StructCore.Edge.Cameras;

/// <summary>
/// A codec that gives up on a file after a time: a few bytes may be made to keep a decoder busy for minutes. Native code cannot be
/// stopped, so it runs beside its caller, and while too many do not come back nothing more is begun.
/// </summary>
internal sealed class TimedImageCodec(IImageCodec codec, TimeSpan limit, TimeProvider time) : IImageCodec
{
    private const int MostAbandoned = 2;
    private int _abandoned;

    public RgbImage Decode(ReadOnlySpan<byte> encoded, string source)
    {
        if (Volatile.Read(ref _abandoned) >= MostAbandoned)
        {
            throw new InvalidImageException($"Image '{source}' is not decoded: {MostAbandoned} others have not come back from their decoder, which had {limit.TotalMilliseconds:F0} ms each. Remove what made them so slow; restart the agent if this does not end.");
        }

        // The caller's bytes may be gone before the decoder is through with them.
        byte[] owned = [.. encoded];

        // On the pool's threads: new ones, twenty a second, leave native memory behind.
        var decoding = Task.Run(() => codec.Decode(owned, source));
        try
        {
            return decoding.WaitAsync(limit, time).GetAwaiter().GetResult();
        }
        catch (TimeoutException e)
        {
            Interlocked.Increment(ref _abandoned);
            decoding.ContinueWith(Return, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            throw new InvalidImageException($"Image '{source}' of {owned.Length} bytes was not decoded within {limit.TotalMilliseconds:F0} ms. Save it again, with fewer pixels, and find out where it came from: it may be made to block.", e);
        }
    }

    public byte[] EncodePng(RgbImage image) => codec.EncodePng(image);

    public byte[] EncodeJpeg(RgbImage image, int quality = 90) => codec.EncodeJpeg(image, quality);

    private void Return(Task<RgbImage> late)
    {
        // Seen, whatever it was: nobody waits for it any more.
        _ = late.Exception;
        Interlocked.Decrement(ref _abandoned);
    }
}
