using StructCore.Vision.Imaging;

namespace StructCore.Vision.Scoring;

/// <summary>Draws an anomaly map over the frame it belongs to.</summary>
public static class Overlay
{
    private const float Uninspected = 0.55f;

    /// <summary>Dark, since what it surrounds begins with a bright green on any frame.</summary>
    private const byte Line = 20;

    /// <summary>The frame with its heat map blended over it and a dark line around what is above <paramref name="level"/>; what the centre crop cut off is darkened.</summary>
    /// <param name="frame">The frame the map was made from, at any size.</param>
    /// <param name="map">The map, covering the whole frame or its central crop.</param>
    /// <param name="mode">How the frame became the backbone's input.</param>
    /// <param name="resize">The backbone's resize side; matters for the centre crop only.</param>
    /// <param name="crop">The backbone's crop side.</param>
    /// <param name="level">The map value that counts as defective, 0 or more. It always has the middle colour, green; twice the level, or the map's maximum where that is more, has the last, dark red.</param>
    /// <returns>A new image of the frame's size, which the caller disposes of.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative or NaN level, or a crop that is not within the resized frame.</exception>
    public static RgbImage Render(RgbImage frame, AnomalyMap map, FrameMode mode, int resize, int crop, float level)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(map);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(crop);
        ArgumentOutOfRangeException.ThrowIfLessThan(resize, crop);
        ArgumentOutOfRangeException.ThrowIfNegative(level);
        if (!float.IsFinite(level))
        {
            throw new ArgumentOutOfRangeException(nameof(level), level, "The level of an overlay must be a number.");
        }

        var covered = mode == FrameMode.FullFrame ? 1 : (double)crop / resize;
        var columns = Taps(frame.Width, map.Width, covered);
        var rows = Taps(frame.Height, map.Height, covered);
        var line = Math.Max(1, Math.Min(frame.Height, frame.Width) / 300);
        var top = Math.Max(2 * level, Maximum(map.Values));
        var (values, below) = (new float[frame.Width], new float[frame.Width]);
        var overlay = RgbImage.Rent(frame.Height, frame.Width, out var pixels);
        for (var y = 0; y < frame.Height; y++)
        {
            Sample(map, rows[y], columns, values);
            Sample(map, rows[Math.Min(y + line, frame.Height - 1)], columns, below);
            var source = frame.Row(y);
            var target = pixels.Slice(y * source.Length, source.Length);
            for (var x = 0; x < frame.Width; x++)
            {
                var pixel = source.Slice(RgbImage.Channels * x, RgbImage.Channels);
                var blended = target.Slice(RgbImage.Channels * x, RgbImage.Channels);
                var inside = values[x] > level;
                if (float.IsNaN(values[x]))
                {
                    Darken(pixel, blended);
                }
                else if (inside != (below[x] > level) || inside != (values[Math.Min(x + line, frame.Width - 1)] > level))
                {
                    blended.Fill(Line);
                }
                else
                {
                    HeatRamp.Blend(Heat(values[x], level, top), pixel, blended);
                }
            }
        }

        return overlay;
    }

    private static float Heat(float value, float level, float top)
    {
        var heat = value > level ? 0.5f + (0.5f * (value - level) / (top - level)) : level > 0 ? 0.5f * value / level : 0;
        return Math.Clamp(heat, 0, 1);
    }

    private static float Maximum(ReadOnlySpan<float> values)
    {
        var maximum = 0f;
        foreach (var value in values)
        {
            maximum = value > maximum ? value : maximum;
        }

        return maximum;
    }

    private static void Darken(ReadOnlySpan<byte> pixel, Span<byte> darkened)
    {
        for (var i = 0; i < RgbImage.Channels; i++)
        {
            darkened[i] = (byte)(Uninspected * pixel[i]);
        }
    }

    /// <summary>Where each frame position lies on the map, whose side covers the central share <paramref name="covered"/> of the frame.</summary>
    private static Tap[] Taps(int frameSide, int mapSide, double covered)
    {
        var taps = new Tap[frameSide];
        for (var i = 0; i < frameSide; i++)
        {
            var along = ((((i + 0.5) / frameSide) - 0.5) / covered) + 0.5;
            var position = Math.Clamp((along * mapSide) - 0.5, 0, mapSide - 1);
            var low = Math.Min((int)position, Math.Max(0, mapSide - 2));
            taps[i] = new Tap(along is >= 0 and <= 1, low, Math.Min(low + 1, mapSide - 1), (float)(position - low));
        }

        return taps;
    }

    /// <summary>One frame row of bilinear map values; NaN where the map does not reach.</summary>
    private static void Sample(AnomalyMap map, Tap row, Tap[] columns, Span<float> values)
    {
        if (!row.Inside)
        {
            values.Fill(float.NaN);
            return;
        }

        var upper = map.Values.Slice(row.Low * map.Width, map.Width);
        var lower = map.Values.Slice(row.High * map.Width, map.Width);
        for (var x = 0; x < columns.Length; x++)
        {
            var (inside, low, high, share) = columns[x];
            values[x] = inside ? float.Lerp(float.Lerp(upper[low], upper[high], share), float.Lerp(lower[low], lower[high], share), row.Share) : float.NaN;
        }
    }

    private readonly record struct Tap(bool Inside, int Low, int High, float Share);
}
