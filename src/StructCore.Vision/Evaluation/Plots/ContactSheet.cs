using StructCore.Vision.Imaging;

namespace StructCore.Vision.Evaluation.Plots;

/// <summary>Images side by side, in sections with a title each.</summary>
public static class ContactSheet
{
    /// <summary>Images in a row.</summary>
    public const int Columns = 6;

    /// <summary>Width and height of an image on the sheet.</summary>
    public const int TileSide = 192;

    private const int Gap = 14;
    private const int TitleHeight = 44;
    private const int CaptionHeight = 24;
    private const int Frame = 3;
    private const float TitleSize = 15;
    private const float CaptionSize = 9;

    /// <summary>Draws it; the images are resized to squares.</summary>
    /// <param name="sections">Titles and images, from top to bottom.</param>
    /// <returns>As wide as <see cref="Columns"/> images, as high as its sections.</returns>
    public static RgbImage Draw(params IReadOnlyList<(string Title, IReadOnlyList<SheetTile> Tiles)> sections)
    {
        ArgumentNullException.ThrowIfNull(sections);
        var canvas = new Canvas(Gap + (Columns * (TileSide + Gap)), Gap + sections.Sum(s => TitleHeight + (Rows(s.Tiles.Count) * RowHeight)));
        var top = Gap;
        foreach (var (title, tiles) in sections)
        {
            canvas.Text(title, Gap, top + 8, TitleSize, Rgb.Ink, bold: true);
            top += TitleHeight;
            foreach (var (i, tile) in tiles.Index())
            {
                Draw(canvas, tile, Gap + (i % Columns * (TileSide + Gap)), top + (i / Columns * RowHeight));
            }

            top += Rows(tiles.Count) * RowHeight;
        }

        return canvas.ToImage();
    }

    private static int RowHeight => TileSide + CaptionHeight + Gap;

    private static int Rows(int tiles) => (tiles + Columns - 1) / Columns;

    private static void Draw(Canvas canvas, SheetTile tile, int left, int top)
    {
        if (tile.Marked)
        {
            canvas.Rectangle(left - Frame, top - Frame, left + TileSide + Frame, top + TileSide + Frame, Rgb.Red);
        }

        using var square = ImagePreprocessor.Crop(tile.Image, FrameMode.FullFrame, TileSide, TileSide);
        canvas.Image(square, left, top);
        var caption = tile.Caption;
        while (Canvas.TextWidth(caption, CaptionSize) > TileSide)
        {
            caption = caption[1..];
        }

        canvas.Text(caption, left, top + TileSide + 8, CaptionSize, tile.Marked ? Rgb.Red : Rgb.Ink);
    }
}
