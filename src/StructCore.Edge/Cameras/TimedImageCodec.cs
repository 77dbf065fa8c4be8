using System.Buffers;
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
        var length = encoded.Length;
        var owned = ArrayPool<byte>.Shared.Rent(length);
        encoded.CopyTo(owned);

        // On the pool's threads: new ones, twenty a second, leave native memory behind.
        var decoding = Task.Run(() => DecodeAndReturn(owned, length, source));
        try
        {
            return decoding.WaitAsync(limit, time).GetAwaiter().GetResult();
        }
        catch (TimeoutException e)
        {
            Interlocked.Increment(ref _abandoned);
            decoding.ContinueWith(Return, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            throw new InvalidImageException($"Image '{source}' of {length} bytes was not decoded within {limit.TotalMilliseconds:F0} ms. Save it again, with fewer pixels, and find out where it came from: it may be made to block.", e);
        }
    }

    public void EncodePng(RgbImage image, Stream target) => codec.EncodePng(image, target);

    public void EncodeJpeg(RgbImage image, Stream target, int quality = 90) => codec.EncodeJpeg(image, target, quality);

    private RgbImage DecodeAndReturn(byte[] owned, int length, string source)
    {
        try
        {
            return codec.Decode(owned.AsSpan(0, length), source);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(owned);
        }
    }

    private void Return(Task<RgbImage> late)
    {
        // Seen, whatever it was: nobody waits for it any more.
        _ = late.Exception;
        Interlocked.Decrement(ref _abandoned);
    }
}
