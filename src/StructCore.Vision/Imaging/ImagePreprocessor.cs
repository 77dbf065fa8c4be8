using System.Buffers;

namespace StructCore.Vision.Imaging;

/// <summary>A frame to the backbone's input (SPEC 1), in two steps: 8-bit pixels, then floats.</summary>
/// <remarks>Stateless and thread-safe.</remarks>
public static class ImagePreprocessor
{
    private const int Levels = 256;

    /// <summary>Resizes with Pillow's antialiased bilinear filter and cuts the centre, or nothing, as <paramref name="mode"/> says.</summary>
    /// <param name="frame">Any size; the aspect is not kept.</param>
    /// <param name="mode">Whether the frame goes through <paramref name="resize"/> or straight to <paramref name="crop"/>.</param>
    /// <param name="resize">Side of the square before the cut, pixels: 448, or 256 for residual networks.</param>
    /// <param name="crop">Side of the result, pixels, 1 to <paramref name="resize"/>: 392, or 224. The cut begins at (resize - crop) div 2.</param>
    /// <returns>A new image, [crop, crop, 3].</returns>
    /// <exception cref="ArgumentOutOfRangeException">A side is not positive, or the crop is larger than what it is cut from.</exception>
    public static RgbImage Crop(RgbImage frame, FrameMode mode, int resize, int crop)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(crop);
        var pixels = new byte[crop * crop * RgbImage.Channels];
        Crop(frame, mode, resize, crop, pixels);
        return new RgbImage(crop, crop, pixels);
    }

    /// <summary>The same into memory of the caller's, such as a place in a batch.</summary>
    /// <param name="frame">Any size; the aspect is not kept.</param>
    /// <param name="mode">Whether the frame goes through <paramref name="resize"/> or straight to <paramref name="crop"/>.</param>
    /// <param name="resize">Side of the square before the cut, pixels.</param>
    /// <param name="crop">Side of the result, pixels, 1 to <paramref name="resize"/>.</param>
    /// <param name="pixels">Receives [crop, crop, 3].</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is not positive, or the crop is larger than what it is cut from.</exception>
    public static void Crop(RgbImage frame, FrameMode mode, int resize, int crop, Span<byte> pixels)
    {
        var side = SideOf(frame, mode, resize, crop);
        if (frame.Height == crop && frame.Width == crop && side == crop)
        {
            // The filter's one tap would give the same.
            frame.Pixels.CopyTo(pixels);
            return;
        }

        using var resizer = new PillowResizer(frame, side, crop);
        for (var y = 0; y < crop; y++)
        {
            resizer.Row(y).CopyTo(pixels[(y * crop * RgbImage.Channels)..]);
        }
    }

    /// <summary>Both steps in one, without an image between: <see cref="Crop(RgbImage, FrameMode, int, int)"/>, then <see cref="Normalise"/>.</summary>
    /// <param name="frame">Any size; the aspect is not kept.</param>
    /// <param name="mode">Whether the frame goes through <paramref name="resize"/> or straight to <paramref name="crop"/>.</param>
    /// <param name="resize">Side of the square before the cut, pixels.</param>
    /// <param name="crop">Side of the result, pixels, 1 to <paramref name="resize"/>.</param>
    /// <param name="mean">Mean of x/255, RGB, three values.</param>
    /// <param name="std">Standard deviation of x/255, RGB, three values.</param>
    /// <param name="nchw">Receives [3, crop, crop]; owned by the caller.</param>
    /// <param name="threads">Threads that share the rows, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is not positive, or the crop is larger than what it is cut from.</exception>
    /// <exception cref="ArgumentException"><paramref name="nchw"/> does not hold crop·crop·3 values, or there are not three means or deviations.</exception>
    public static void ToTensor(RgbImage frame, FrameMode mode, int resize, int crop, IReadOnlyList<float> mean, IReadOnlyList<float> std, Memory<float> nchw, int threads = 1)
    {
        var side = SideOf(frame, mode, resize, crop);
        var levels = ArrayPool<float>.Shared.Rent(RgbImage.Channels * Levels);
        try
        {
            ToLevels(crop * crop, mean, std, nchw.Length, levels.AsSpan(0, RgbImage.Channels * Levels));
            if (threads == 1)
            {
                Band(0, crop);
                return;
            }

            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, i => Band(crop * i / threads, crop * (i + 1) / threads));
        }
        finally
        {
            ArrayPool<float>.Shared.Return(levels);
        }

        void Band(int first, int end)
        {
            using var resizer = new PillowResizer(frame, side, crop);
            for (var y = first; y < end; y++)
            {
                ToPlanes(resizer.Row(y), levels, nchw.Span, y * crop);
            }
        }
    }

    /// <summary>(x/255 - mean) / std per channel, and interleaved to planar.</summary>
    /// <param name="crop">[height, width, 3].</param>
    /// <param name="mean">Mean of x/255, RGB, three values.</param>
    /// <param name="std">Standard deviation of x/255, RGB, three values.</param>
    /// <param name="nchw">Receives [3, height, width]; owned by the caller.</param>
    /// <exception cref="ArgumentException"><paramref name="nchw"/> does not hold height·width·3 values, or there are not three means or deviations.</exception>
    public static void Normalise(RgbImage crop, IReadOnlyList<float> mean, IReadOnlyList<float> std, Span<float> nchw)
    {
        ArgumentNullException.ThrowIfNull(crop);
        Span<float> levels = stackalloc float[RgbImage.Channels * Levels];
        ToLevels(crop.Height * crop.Width, mean, std, nchw.Length, levels);
        ToPlanes(crop.Pixels, levels, nchw, 0);
    }

    private static int SideOf(RgbImage frame, FrameMode mode, int resize, int crop)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(crop);
        var side = mode == FrameMode.FullFrame ? crop : resize;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(crop, side);
        return side;
    }

    /// <summary>What each of the 256 levels becomes, per channel: a table is exact and faster than the arithmetic.</summary>
    private static void ToLevels(int pixels, IReadOnlyList<float> mean, IReadOnlyList<float> std, int room, Span<float> levels)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(std);
        if (room != pixels * RgbImage.Channels || mean.Count != RgbImage.Channels || std.Count != RgbImage.Channels)
        {
            throw new ArgumentException($"A crop of {pixels} pixels gives {pixels * RgbImage.Channels} values with 3 means and 3 deviations, got room for {room}, {mean.Count} means and {std.Count} deviations.", nameof(levels));
        }

        for (var i = 0; i < levels.Length; i++)
        {
            levels[i] = ((i % Levels / 255f) - mean[i / Levels]) / std[i / Levels];
        }
    }

    /// <summary>Some pixels, [count, 3], from pixel <paramref name="first"/> on.</summary>
    private static void ToPlanes(ReadOnlySpan<byte> pixels, ReadOnlySpan<float> levels, Span<float> nchw, int first)
    {
        var (count, plane) = (pixels.Length / RgbImage.Channels, nchw.Length / RgbImage.Channels);
        for (var c = 0; c < RgbImage.Channels; c++)
        {
            var table = levels.Slice(c * Levels, Levels);
            var target = nchw.Slice((c * plane) + first, count);
            for (int i = 0, j = c; i < target.Length; i++, j += RgbImage.Channels)
            {
                target[i] = table[pixels[j]];
            }
        }
    }
}
