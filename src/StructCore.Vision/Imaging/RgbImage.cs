namespace StructCore.Vision.Imaging;

/// <summary>An 8-bit RGB image, [height, width, 3], row-major, interleaved, without padding.</summary>
/// <remarks>
/// Immutable by contract: whoever holds an image may read it from any thread, nobody writes to it after construction. Pixels that come from a pool
/// go back once every holder has disposed of its own <see cref="Share"/>; those of an array of the caller's own are the garbage collector's.
/// </remarks>
public sealed class RgbImage : IDisposable
{
    /// <summary>Bytes per pixel.</summary>
    public const int Channels = 3;

    private readonly PooledShare<byte> _pixels;

    /// <summary>Takes ownership of <paramref name="pixels"/>, [height, width, 3].</summary>
    /// <exception cref="ArgumentOutOfRangeException">A side is not positive.</exception>
    /// <exception cref="ArgumentException">The array does not hold height x width x 3 bytes.</exception>
    public RgbImage(int height, int width, byte[] pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentNullException.ThrowIfNull(pixels);
        if (pixels.LongLength != (long)height * width * Channels)
        {
            throw new ArgumentException($"An RGB image of {height} x {width} needs {(long)height * width * Channels} bytes, got {pixels.LongLength}.", nameof(pixels));
        }

        (Height, Width, _pixels) = (height, width, new(pixels));
    }

    private RgbImage(int height, int width, PooledShare<byte> pixels) => (Height, Width, _pixels) = (height, width, pixels);

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>All pixels, [height, width, 3].</summary>
    /// <exception cref="ObjectDisposedException">They went back to their pool.</exception>
    public ReadOnlySpan<byte> Pixels => _pixels.Span;

    /// <summary>A new image over memory from a pool. Whoever rents it writes all pixels before anybody else sees it, and disposes of it.</summary>
    /// <param name="height">Rows, 1 or more.</param>
    /// <param name="width">Columns, 1 or more.</param>
    /// <param name="pixels">Receives the room for the pixels, [height, width, 3], not cleared.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is not positive.</exception>
    /// <exception cref="OverflowException">More than 2^31 bytes.</exception>
    public static RgbImage Rent(int height, int width, out Span<byte> pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        var pooled = PooledShare<byte>.Rent(checked(height * width * Channels));
        pixels = pooled.Span;
        return new RgbImage(height, width, pooled);
    }

    /// <summary>The same pixels for one more holder, who disposes of them on its own.</summary>
    /// <exception cref="ObjectDisposedException">They went back to their pool.</exception>
    public RgbImage Share() => new(Height, Width, _pixels.Share());

    /// <summary>This holder reads no more; more than once does no harm. Does nothing where the pixels are not a pool's.</summary>
    public void Dispose() => _pixels.Dispose();

    /// <summary>Row <paramref name="y"/>, [width, 3].</summary>
    public ReadOnlySpan<byte> Row(int y) => Pixels.Slice(y * Width * Channels, Width * Channels);

    /// <summary>A copy of the rectangle whose upper left corner is (<paramref name="x"/>, <paramref name="y"/>), in pixels; its memory is a pool's.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rectangle is empty or passes the border of the image.</exception>
    public RgbImage Cut(int x, int y, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(x);
        ArgumentOutOfRangeException.ThrowIfNegative(y);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, Width - x);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, Height - y);
        var cut = Rent(height, width, out var pixels);
        for (var row = 0; row < height; row++)
        {
            Row(y + row).Slice(x * Channels, width * Channels).CopyTo(pixels[(row * width * Channels)..]);
        }

        return cut;
    }
}
