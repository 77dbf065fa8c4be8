using StructCore.Vision.Evaluation.Plots;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Evaluation.Plots;

public sealed class ContactSheetTests
{
    [Fact]
    public void Draw_Sections_ShowsEveryImageAndFramesTheMarked()
    {
        SheetTile[] many = [.. Enumerable.Range(0, ContactSheet.Columns + 1).Select(i => new SheetTile(Even(40, 90), $"{i}", Marked: i == 2))];

        var (one, two) = (ContactSheet.Draw(("worst", many[..1])), ContactSheet.Draw(("worst", many), ("best", many[..1])));

        Assert.Equal(one.Width, two.Width);
        Assert.True(two.Height > 2 * one.Height);
        Assert.Equal(ContactSheet.TileSide * ContactSheet.TileSide, Count(one, p => p is (90, 90, 90)));
        Assert.Equal((many.Length + 1) * ContactSheet.TileSide * ContactSheet.TileSide, Count(two, p => p is (90, 90, 90)));
        Assert.Equal(0, Count(one, p => p is (214, 72, 46)));
        Assert.True(Count(two, p => p is (214, 72, 46)) > 4 * ContactSheet.TileSide);
    }

    [Fact]
    public void Draw_CaptionTooLong_KeepsItsEndWithinTheTile() =>
        Assert.Equal(ContactSheet.Draw(("worst", [])).Width, ContactSheet.Draw(("worst", [new SheetTile(Even(10, 1), new string('a', 500), Marked: true)])).Width);

    private static RgbImage Even(int side, byte level) => new(side, side, [.. Enumerable.Repeat(level, side * side * RgbImage.Channels)]);

    private static int Count(RgbImage image, Predicate<(byte, byte, byte)> wanted) =>
        Enumerable.Range(0, image.Height * image.Width).Count(i => wanted((image.Pixels[3 * i], image.Pixels[(3 * i) + 1], image.Pixels[(3 * i) + 2])));
}
