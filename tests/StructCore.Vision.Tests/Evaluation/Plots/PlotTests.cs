using StructCore.Vision.Evaluation;
using StructCore.Vision.Evaluation.Plots;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Evaluation.Plots;

public sealed class PlotTests
{
    private static readonly IReadOnlyList<RocPoint> Perfect = RocCurve.Of([1], [2]);

    [Fact]
    public void Histogram_PutsBlueLeftAndRedRightOfTheThreshold()
    {
        var image = ScoreHistogram.Draw("cap", [1, 1, 2], [9, 9, 8], 5);

        Assert.Equal((ScoreHistogram.Width, ScoreHistogram.Height), (image.Width, image.Height));
        // Only bars count, which begin below the legend; the threshold stands in the middle.
        var middle = ScoreHistogram.Width / 2;
        Assert.True(Count(image, 0, middle, Bluish) > 1000);
        Assert.Equal(0, Count(image, 0, middle, Reddish));
        Assert.True(Count(image, middle, ScoreHistogram.Width, Reddish) > 1000);
        Assert.Equal(0, Count(image, middle + 20, ScoreHistogram.Width, Bluish));
    }

    [Theory]
    [InlineData(new float[0], new float[0], 0f)]
    [InlineData(new[] { 3f }, new float[0], 3f)]
    [InlineData(new[] { -1e-20f }, new[] { 1e20f }, 0f)]
    [InlineData(new[] { 1e9f }, new[] { 1e9f }, 1e9f)]
    public void Histogram_DegenerateScores_StillDraws(float[] good, float[] defective, float threshold) =>
        Assert.Equal(ScoreHistogram.Width, ScoreHistogram.Draw("cap", good, defective, threshold).Width);

    [Theory]
    [InlineData(float.NaN, 1f)]
    [InlineData(1f, float.PositiveInfinity)]
    public void Histogram_ScoreThatIsNoNumber_IsRefused(float score, float threshold) =>
        Assert.Throws<ArgumentException>(() => ScoreHistogram.Draw("cap", [score], [], threshold));

    [Fact]
    public void RocChart_PerfectCurve_RunsAlongTheUpperLeftCorner()
    {
        var image = RocChart.Draw("cap", [("hybrid", 1, Perfect)]);

        Assert.Equal((RocChart.Width, RocChart.Height), (image.Width, image.Height));
        var rows = Enumerable.Range(0, RocChart.Height).Where(y => Enumerable.Range(0, RocChart.Width).Count(x => Bluish(image, y, x)) > RocChart.Width / 2);
        Assert.InRange(rows.Count(), 1, 4);
    }

    [Fact]
    public void RocChart_NoCurveOrTooMany_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => RocChart.Draw("cap", []));
        Assert.Throws<ArgumentOutOfRangeException>(() => RocChart.Draw("cap", [.. Enumerable.Repeat(("a", 1.0, Perfect), 4)]));
    }

    [Theory]
    [InlineData(0, 1, new[] { 0, 0.2, 0.4, 0.6, 0.8, 1 })]
    [InlineData(-3, 11, new double[] { -2, 0, 2, 4, 6, 8, 10 })]
    [InlineData(0, 0.0008, new[] { 0, 0.0002, 0.0004, 0.0006, 0.0008 })]
    public void Axis_Ticks_AreRoundNumbersWithinTheAxis(double low, double high, double[] ticks)
    {
        var axis = new Axis(low, high, 0, 100, "");

        Assert.Equal(ticks.Length, axis.Ticks().Count);
        Assert.All(axis.Ticks().Zip(ticks), pair => Assert.Equal(pair.Second, pair.First, 1e-12));
    }

    [Fact]
    public void Axis_Labels_AreShortAndZeroIsZero()
    {
        var axis = new Axis(-0.3, 0.9, 0, 1, "");

        Assert.Equal(["-0.2", "0", "0.2", "0.4", "0.6", "0.8"], axis.Ticks().Select(axis.Label));
    }

    [Fact]
    public void Axis_OfCounts_HasNoTickBetweenWholeNumbers() => Assert.Equal([0, 1, 2], new Axis(0, 2.1, 0, 1, "", Whole: true).Ticks());

    [Fact]
    public void Font_EveryPrintableCharacter_HasItsOwnStrokes()
    {
        var glyphs = Enumerable.Range(33, 94).Select(c => string.Join(';', StrokeFont.Strokes(((char)c).ToString()).Select(s => string.Join(' ', s)))).ToArray();

        Assert.Equal(94, glyphs.Distinct().Count());
        Assert.All(glyphs, g => Assert.NotEmpty(g));
        Assert.Equal(StrokeFont.Strokes("?"), StrokeFont.Strokes("ß"));
        Assert.Empty(StrokeFont.Strokes(" "));
    }

    [Fact]
    public void Canvas_DrawingBeyondTheEdge_IsCut()
    {
        var canvas = new Canvas(10, 10);

        canvas.Rectangle(-5, -5, 50, 50, Rgb.Blue);
        canvas.Line(new(-20, 4.5f), new(40, 4.5f), Rgb.Red, 1);

        Assert.Equal((Rgb.Red.R, Rgb.Red.G, Rgb.Red.B), Colour(canvas.ToImage(), 4, 0));
        Assert.Equal((Rgb.Blue.R, Rgb.Blue.G, Rgb.Blue.B), Colour(canvas.ToImage(), 9, 9));
    }

    private static int Count(RgbImage image, int from, int to, Func<RgbImage, int, int, bool> matches)
    {
        const int legendBottom = 64;
        return Enumerable.Range(legendBottom, image.Height - legendBottom).Sum(y => Enumerable.Range(from, to - from).Count(x => matches(image, y, x)));
    }

    private static bool Bluish(RgbImage image, int y, int x) => Colour(image, y, x) is var (r, _, b) && b > r + 60;

    private static bool Reddish(RgbImage image, int y, int x) => Colour(image, y, x) is var (r, _, b) && r > b + 60;

    private static (int R, int G, int B) Colour(RgbImage image, int y, int x) => (image.Row(y)[3 * x], image.Row(y)[(3 * x) + 1], image.Row(y)[(3 * x) + 2]);
}
