namespace StructCore.Vision.Imaging;

/// <summary>A ground-truth mask brought to the grid of the anomaly map (SPEC 9), so that pixels can be compared.</summary>
public static class MaskGrid
{
    /// <summary>Nearest neighbour, source floor((2i+1)·n / (2·side)) in integers, then the centre cut, as the frame itself was brought to size.</summary>
    /// <param name="mask">[height, width], row-major; above 0 is defective.</param>
    /// <param name="height">Rows of the mask.</param>
    /// <param name="width">Columns of the mask.</param>
    /// <param name="mode">How the frame was preprocessed.</param>
    /// <param name="resize">Side before the cut: 448, or 256.</param>
    /// <param name="crop">Side of the grid: 392, or 224.</param>
    /// <returns>[crop, crop], 1 where defective, else 0; owned by the caller.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A side is not positive, or the crop is larger than what it is cut from.</exception>
    /// <exception cref="ArgumentException">The mask does not hold height x width values.</exception>
    public static byte[] From(ReadOnlySpan<byte> mask, int height, int width, FrameMode mode, int resize, int crop)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(crop);
        var side = mode == FrameMode.FullFrame ? crop : resize;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(crop, side);
        if (mask.Length != (long)height * width)
        {
            throw new ArgumentException($"A mask of {height} x {width} needs {(long)height * width} values, got {mask.Length}.", nameof(mask));
        }

        var offset = (side - crop) / 2;
        var grid = new byte[crop * crop];
        for (var y = 0; y < crop; y++)
        {
            var row = mask.Slice(Nearest(y + offset, height, side) * width, width);
            for (var x = 0; x < crop; x++)
            {
                grid[(y * crop) + x] = row[Nearest(x + offset, width, side)] > 0 ? (byte)1 : (byte)0;
            }
        }

        return grid;
    }

    private static int Nearest(int target, int source, int side) => (int)(((2L * target) + 1) * source / (2L * side));
}
