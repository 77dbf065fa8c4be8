using System.Numerics;

namespace StructCore.Vision.Evaluation.Plots;

/// <summary>A canvas with title, axes, ticks and grid, ready for the data.</summary>
internal sealed class Chart
{
    private const float TitleSize = 16;
    private const float TextSize = 11;
    private const float Left = 74;
    private const float Right = 28;
    private const float Top = 64;
    private const float Bottom = 62;
    private const float Swatch = 20;

    public Chart(int width, int height, string title, (double Low, double High, string Title) x, (double Low, double High, string Title) y, bool counts = false)
    {
        Canvas = new Canvas(width, height);
        X = new Axis(x.Low, x.High, Left, width - Right, x.Title);
        Y = new Axis(y.Low, y.High, height - Bottom, Top, y.Title, Whole: counts);
        Canvas.Text(title, Left, 14, TitleSize, Rgb.Ink, bold: true);
        DrawAxes();
    }

    public Canvas Canvas { get; }

    public Axis X { get; }

    public Axis Y { get; }

    public Vector2 At(double x, double y) => new(X.Pixel(x), Y.Pixel(y));

    /// <summary>Entries in one row above the plot, the last at its right end.</summary>
    public void LegendAbove(params IReadOnlyList<(string Text, Rgb Colour)> entries)
    {
        var right = X.HighPixel;
        foreach (var entry in entries.Reverse())
        {
            right -= LegendWidth(entry.Text);
            DrawEntry(entry, right, Y.HighPixel - 18);
            right -= 22;
        }
    }

    /// <summary>Entries below each other in the lower right corner of the plot.</summary>
    public void LegendInside(params IReadOnlyList<(string Text, Rgb Colour)> entries)
    {
        const float line = 24;
        var left = X.HighPixel - entries.Max(e => LegendWidth(e.Text)) - 18;
        var top = Y.LowPixel - (line * entries.Count) - 14;
        Canvas.Rectangle(left - 8, top, X.HighPixel - 8, Y.LowPixel - 8, Rgb.White, 0.85f);
        foreach (var (i, entry) in entries.Index())
        {
            DrawEntry(entry, left, top + (line * (i + 0.5f)));
        }
    }

    /// <summary>A note beside a point of the plot, on whichever side has the room.</summary>
    public void Note(string text, Vector2 at)
    {
        var fits = at.X + 8 + Canvas.TextWidth(text, TextSize) < X.HighPixel;
        Canvas.Text(text, fits ? at.X + 8 : at.X - 8, at.Y, TextSize, Rgb.Ink, fits ? Anchor.Left : Anchor.Right);
    }

    private static float LegendWidth(string text) => Swatch + 8 + Canvas.TextWidth(text, TextSize);

    private void DrawEntry((string Text, Rgb Colour) entry, float left, float middle)
    {
        Canvas.Rectangle(left, middle - 5, left + Swatch, middle + 5, entry.Colour);
        Canvas.Text(entry.Text, left + Swatch + 8, middle - (TextSize / 2), TextSize, Rgb.Ink);
    }

    private void DrawAxes()
    {
        foreach (var tick in X.Ticks())
        {
            var x = X.Pixel(tick);
            Canvas.Line(new Vector2(x, Y.LowPixel), new Vector2(x, Y.HighPixel), Rgb.Grid, 1);
            Canvas.Text(X.Label(tick), x, Y.LowPixel + 10, TextSize, Rgb.Muted, Anchor.Middle);
        }

        foreach (var tick in Y.Ticks())
        {
            var y = Y.Pixel(tick);
            Canvas.Line(new Vector2(X.LowPixel, y), new Vector2(X.HighPixel, y), Rgb.Grid, 1);
            Canvas.Text(Y.Label(tick), X.LowPixel - 10, y - (TextSize / 2), TextSize, Rgb.Muted, Anchor.Right);
        }

        Canvas.Line(At(X.Low, Y.Low), At(X.High, Y.Low), Rgb.Muted, 1.5f);
        Canvas.Line(At(X.Low, Y.Low), At(X.Low, Y.High), Rgb.Muted, 1.5f);
        Canvas.Text(X.Title, X.HighPixel, Y.LowPixel + 34, TextSize, Rgb.Ink, Anchor.Right);
        Canvas.Text(Y.Title, X.LowPixel - 54, Y.HighPixel - 22, TextSize, Rgb.Ink);
    }
}
