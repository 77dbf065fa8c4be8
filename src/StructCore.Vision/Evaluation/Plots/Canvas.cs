using System.Numerics;
using StructCore.Vision.Imaging;

namespace StructCore.Vision.Evaluation.Plots;

/// <summary>A raster to draw a plot on: rectangles, smooth lines and text. Coordinates are pixels from the upper left corner.</summary>
internal sealed class Canvas
{
    private readonly byte[] _pixels;

    public Canvas(int width, int height)
    {
        (Width, Height) = (width, height);
        _pixels = new byte[width * height * RgbImage.Channels];
        _pixels.AsSpan().Fill(byte.MaxValue);
    }

    public int Width { get; }

    public int Height { get; }

    public RgbImage ToImage() => new(Height, Width, [.. _pixels]);

    /// <summary>Copies an image that lies on the canvas as a whole.</summary>
    public void Image(RgbImage image, int left, int top)
    {
        for (var y = 0; y < image.Height; y++)
        {
            image.Row(y).CopyTo(_pixels.AsSpan((((top + y) * Width) + left) * RgbImage.Channels));
        }
    }

    public void Rectangle(float left, float top, float right, float bottom, Rgb colour, float opacity = 1)
    {
        for (var y = Math.Max(0, (int)MathF.Floor(top)); y < Math.Min(Height, bottom); y++)
        {
            var rows = Math.Min(y + 1, bottom) - Math.Max(y, top);
            for (var x = Math.Max(0, (int)MathF.Floor(left)); x < Math.Min(Width, right); x++)
            {
                var columns = Math.Min(x + 1, right) - Math.Max(x, left);
                Blend(x, y, colour, opacity * rows * columns);
            }
        }
    }

    public void Line(Vector2 from, Vector2 to, Rgb colour, float thickness)
    {
        var reach = new Vector2((thickness / 2) + 1);
        var (low, high) = (Vector2.Min(from, to) - reach, Vector2.Max(from, to) + reach);
        for (var y = Math.Max(0, (int)low.Y); y <= Math.Min(Height - 1, high.Y); y++)
        {
            for (var x = Math.Max(0, (int)low.X); x <= Math.Min(Width - 1, high.X); x++)
            {
                // Coverage of a pixel by a round pen, from the distance of its centre.
                var cover = (thickness / 2) + 0.5f - Distance(new Vector2(x + 0.5f, y + 0.5f), from, to);
                Blend(x, y, colour, Math.Clamp(cover, 0, Math.Min(1, thickness)));
            }
        }
    }

    public void Polyline(IReadOnlyList<Vector2> points, Rgb colour, float thickness)
    {
        Line(points[0], points[0], colour, thickness);
        for (var i = 1; i < points.Count; i++)
        {
            Line(points[i - 1], points[i], colour, thickness);
        }
    }

    public void DashedLine(Vector2 from, Vector2 to, Rgb colour, float thickness, float dash = 7)
    {
        var length = Vector2.Distance(from, to);
        for (var at = 0f; at < length; at += 2 * dash)
        {
            Line(Vector2.Lerp(from, to, at / length), Vector2.Lerp(from, to, Math.Min(1, (at + dash) / length)), colour, thickness);
        }
    }

    /// <summary>Capitals are <paramref name="size"/> pixels high, from <paramref name="top"/> down.</summary>
    public void Text(string text, float x, float top, float size, Rgb colour, Anchor anchor = Anchor.Left, bool bold = false)
    {
        var unit = size / StrokeFont.CapitalHeight;
        var left = x - (anchor switch { Anchor.Left => 0, Anchor.Middle => 0.5f, _ => 1 } * TextWidth(text, size));
        foreach (var stroke in StrokeFont.Strokes(text))
        {
            Polyline([.. stroke.Select(p => (p * unit) + new Vector2(left, top))], colour, unit * (bold ? 1.05f : 0.72f));
        }
    }

    public static float TextWidth(string text, float size) => StrokeFont.Width(text) * size / StrokeFont.CapitalHeight;

    private static float Distance(Vector2 point, Vector2 from, Vector2 to)
    {
        var along = to - from;
        var length = along.LengthSquared();
        var share = length == 0 ? 0 : Math.Clamp(Vector2.Dot(point - from, along) / length, 0, 1);
        return Vector2.Distance(point, from + (share * along));
    }

    private void Blend(int x, int y, Rgb colour, float opacity)
    {
        var pixel = _pixels.AsSpan(((y * Width) + x) * RgbImage.Channels, RgbImage.Channels);
        pixel[0] = Mix(pixel[0], colour.R, opacity);
        pixel[1] = Mix(pixel[1], colour.G, opacity);
        pixel[2] = Mix(pixel[2], colour.B, opacity);
    }

    private static byte Mix(byte under, byte over, float opacity) => (byte)(under + ((over - under) * opacity) + 0.5f);
}
