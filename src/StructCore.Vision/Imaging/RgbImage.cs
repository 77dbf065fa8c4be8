namespace StructCore.Vision.Imaging;

/// <summary>An 8-bit RGB image, [height, width, 3], row-major, interleaved, without padding.</summary>
/// <remarks>Immutable by contract: whoever holds an image may read it from any thread, nobody writes to it after construction.</remarks>
public sealed class RgbImage
{
    /// <summary>Bytes per pixel.</summary>
    public const int Channels = 3;

    private readonly byte[] _pixels;

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

        (Height, Width, _pixels) = (height, width, pixels);
    }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>All pixels, [height, width, 3].</summary>
    public ReadOnlySpan<byte> Pixels => _pixels;

    /// <summary>Row <paramref name="y"/>, [width, 3].</summary>
    public ReadOnlySpan<byte> Row(int y) => _pixels.AsSpan(y * Width * Channels, Width * Channels);

    /// <summary>A copy of the rectangle whose upper left corner is (<paramref name="x"/>, <paramref name="y"/>), in pixels.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rectangle is empty or passes the border of the image.</exception>
    public RgbImage Cut(int x, int y, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(x);
        ArgumentOutOfRangeException.ThrowIfNegative(y);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, Width - x);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, Height - y);
        var pixels = new byte[height * width * Channels];
        for (var row = 0; row < height; row++)
        {
            Row(y + row).Slice(x * Channels, width * Channels).CopyTo(pixels.AsSpan(row * width * Channels));
        }

        return new RgbImage(height, width, pixels);
    }
}
