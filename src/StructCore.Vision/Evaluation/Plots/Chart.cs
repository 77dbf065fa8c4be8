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

    public Chart(int width, int height, string title, (double Low, double High, string Title) x, (double Low, double High, string Title) y)
    {
        Canvas = new Canvas(width, height);
        X = new Axis(x.Low, x.High, Left, width - Right, x.Title);
        Y = new Axis(y.Low, y.High, height - Bottom, Top, y.Title);
        Canvas.Text(title, Left, 14, TitleSize, Rgb.Ink, bold: true);
        DrawAxes();
    }

    public Canvas Canvas { get; }

    public Axis X { get; }

    public Axis Y { get; }

    public Vector2 At(double x, double y) => new(X.Pixel(x), Y.Pixel(y));

    /// <summary>Entries from the upper right corner of the plot down, or from the lower right up.</summary>
    public void Legend(bool lower, params IReadOnlyList<(string Text, Rgb Colour)> entries)
    {
        const float line = 24;
        const float swatch = 22;
        var width = entries.Max(e => Canvas.TextWidth(e.Text, TextSize)) + swatch + 30;
        var (right, top) = (X.HighPixel - 10, lower ? Y.LowPixel - 12 - (line * entries.Count) - 8 : Y.HighPixel + 8);
        Canvas.Rectangle(right - width, top, right, top + (line * entries.Count) + 8, Rgb.White, 0.85f);
        for (var i = 0; i < entries.Count; i++)
        {
            var y = top + 4 + (line * (i + 0.5f));
            Canvas.Rectangle(right - width + 8, y - 5, right - width + 8 + swatch, y + 5, entries[i].Colour);
            Canvas.Text(entries[i].Text, right - width + swatch + 18, y - (TextSize / 2), TextSize, Rgb.Ink);
        }
    }

    /// <summary>A note beside a point of the plot, on whichever side has the room.</summary>
    public void Note(string text, Vector2 at)
    {
        var fits = at.X + 8 + Canvas.TextWidth(text, TextSize) < X.HighPixel;
        Canvas.Text(text, fits ? at.X + 8 : at.X - 8, at.Y, TextSize, Rgb.Ink, fits ? Anchor.Left : Anchor.Right);
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
