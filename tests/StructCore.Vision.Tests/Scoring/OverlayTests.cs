using StructCore.Vision.Imaging;
using StructCore.Vision.Scoring;

namespace StructCore.Tests.Scoring;

public sealed class OverlayTests
{
    private const byte Grey = 100;

    [Fact]
    public void Render_CalmMap_LeavesTheFrameAsItIs()
    {
        var frame = Frame(40, 60);

        var overlay = Overlay.Render(frame, Map(8, _ => 0), FrameMode.FullFrame, 10, 8, level: 1);

        Assert.Equal(frame.Pixels, overlay.Pixels);
    }

    [Fact]
    public void Render_FullFrame_PutsTheHotCornerIntoTheFramesCorner()
    {
        var overlay = Overlay.Render(Frame(80, 160), Map(8, i => i == 0 ? 5 : 0), FrameMode.FullFrame, 10, 8, level: 1);

        Assert.True(Red(overlay, 0, 0));
        Assert.Equal([Grey, Grey, Grey], Pixel(overlay, 79, 159));
    }

    [Fact]
    public void Render_CentreCrop_PutsTheHotCornerWhereTheCropBeginsAndDarkensTheRest()
    {
        // The crop is the central 8 of 10: it begins at a tenth of each side.
        var overlay = Overlay.Render(Frame(100, 200), Map(8, i => i == 0 ? 5 : 0), FrameMode.CentreCrop, 10, 8, level: 1);

        Assert.True(Red(overlay, 10, 20));
        Assert.Equal([55, 55, 55], Pixel(overlay, 9, 20));
        Assert.Equal([55, 55, 55], Pixel(overlay, 10, 19));
        Assert.Equal([55, 55, 55], Pixel(overlay, 99, 199));
        Assert.Equal([Grey, Grey, Grey], Pixel(overlay, 89, 179));
    }

    [Fact]
    public void Render_AboveTheLevel_DrawsALineAroundIt()
    {
        var map = Map(8, i => i % 8 >= 4 ? 3 : 0);

        var row = Enumerable.Range(0, 80).Select(x => Pixel(Overlay.Render(Frame(80, 80), map, FrameMode.FullFrame, 8, 8, level: 1.5f), 40, x)).ToArray();

        var lines = Enumerable.Range(0, 80).Where(x => row[x].SequenceEqual(new byte[] { 20, 20, 20 }));
        Assert.Equal(39, Assert.Single(lines));
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(2f)]
    public void Render_ConstantMapAtTheLevel_HasNoLineAndNoDivisionByZero(float level)
    {
        var overlay = Overlay.Render(Frame(8, 8), Map(4, _ => level), FrameMode.FullFrame, 4, 4, level);

        Assert.True(overlay.Pixels.IndexOf((byte)20) < 0);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(-1f)]
    [InlineData(float.PositiveInfinity)]
    public void Render_LevelThatIsNoLevel_IsRefused(float level) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Overlay.Render(Frame(8, 8), Map(4, _ => 0), FrameMode.FullFrame, 4, 4, level));

    [Fact]
    public void Render_OnePixelFrameAndMap_Works() =>
        Assert.True(Red(Overlay.Render(Frame(1, 1), Map(1, _ => 9), FrameMode.CentreCrop, 10, 8, level: 1), 0, 0));

    private static RgbImage Frame(int height, int width)
    {
        var pixels = new byte[height * width * RgbImage.Channels];
        pixels.AsSpan().Fill(Grey);
        return new RgbImage(height, width, pixels);
    }

    private static AnomalyMap Map(int side, Func<int, float> value) => new(side, side, [.. Enumerable.Range(0, side * side).Select(value)]);

    private static byte[] Pixel(RgbImage image, int y, int x) => image.Row(y).Slice(RgbImage.Channels * x, RgbImage.Channels).ToArray();

    private static bool Red(RgbImage image, int y, int x) => Pixel(image, y, x) is [var r, var g, _] && r > g + 50;
}
