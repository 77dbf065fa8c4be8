using StructCore.Vision.Evaluation;
using StructCore.Vision.Scoring;

namespace StructCore.Tests.Evaluation;

public sealed class PixelScoresTests
{
    private const int Height = 6;
    private const int Width = 9;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 50)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Measure_OfRandomMaps_EqualsTheNaiveMetrics(int seed)
    {
        var random = new Random(seed);
        var maps = Enumerable.Range(0, 4).Select(_ => Enumerable.Range(0, Height * Width).Select(_ => random.Next(20) / 4f).ToArray()).ToArray();
        var masks = maps.Select(map => map.Select(_ => (byte)(random.Next(3) == 0 ? 255 : 0)).ToArray()).ToArray();
        masks[0].AsSpan().Clear();
        var regions = masks.Select((mask, i) => NaiveMetrics.Regions(mask, Width, 1 + (i * mask.Length))).ToArray();

        var metrics = Measure([.. maps.Zip(masks)])!;

        var flat = maps.SelectMany(m => m).Zip(masks.SelectMany(m => m)).ToArray();
        float[] good = [.. flat.Where(p => p.Second == 0).Select(p => p.First)], defective = [.. flat.Where(p => p.Second != 0).Select(p => p.First)];
        Assert.Equal(NaiveMetrics.Auroc(good, defective), metrics.Ranking.Auroc, 1e-12);
        Assert.Equal(NaiveMetrics.AveragePrecision(good, defective), metrics.Ranking.AveragePrecision, 1e-12);
        Assert.Equal(NaiveMetrics.F1Max(good, defective), metrics.Ranking.F1Max, 1e-12);
        Assert.Equal(NaiveMetrics.Aupro(maps, regions, limit: 0.3), metrics.Aupro, 1e-12);
    }

    [Fact]
    public void Aupro_WeighsASmallRegionLikeALargeOne()
    {
        // One region of one pixel is found, one of four is not; every good pixel scores below the one and above the others.
        float[] map = new float[Height * Width];
        map.AsSpan().Fill(5);
        var mask = new byte[Height * Width];
        (map[0], mask[0]) = (9, 1);
        foreach (var pixel in new[] { 30, 31, 32, 33 })
        {
            (map[pixel], mask[pixel]) = (1, 1);
        }

        // (0, 1/2) straight to (1, 1/2).
        Assert.Equal(0.5, Measure((map, mask))!.Aupro, 1e-12);
    }

    [Fact]
    public void Regions_TouchingByACorner_AreOne()
    {
        byte[] mask = [1, 0, 0, 0, 1, 0, 0, 0, 0];

        Assert.Equal([0, 4], Assert.Single(MaskRegions.Find(mask, 3)));
    }

    [Fact]
    public void Regions_AcrossTheLineBreak_AreTwo()
    {
        byte[] mask = [0, 0, 1, 0, 0, 0, 1, 0, 0];

        Assert.Equal(2, MaskRegions.Find(mask, 3).Count);
    }

    [Fact]
    public void Measure_WithoutDefectivePixels_HasNoMetrics() => Assert.Null(Measure((new float[Height * Width], new byte[Height * Width])));

    [Fact]
    public void Measure_WithoutGoodPixels_HasNoMetrics() => Assert.Null(Measure((new float[Height * Width], [.. Enumerable.Repeat((byte)1, Height * Width)])));

    [Fact]
    public void Add_MaskOfAnotherSize_IsRefused() =>
        Assert.Contains("needs 54 values, got 3", Assert.Throws<ArgumentException>(() => Measure((new float[Height * Width], new byte[3]))).Message);

    [Fact]
    public void Add_NaN_IsRefused() =>
        Assert.Throws<ArgumentException>("map", () => Measure(([.. Enumerable.Repeat(float.NaN, Height * Width)], new byte[Height * Width])));

    [Fact]
    public void Add_MoreThanThereIsRoomFor_IsRefused()
    {
        var pixels = new PixelScores(1, Height * Width);
        pixels.AddGood(Map(new float[Height * Width]));

        Assert.Contains("room for 54 pixels", Assert.Throws<InvalidOperationException>(() => pixels.AddGood(Map(new float[Height * Width]))).Message);
    }

    private static PixelMetrics? Measure(params (float[] Map, byte[] Mask)[] images)
    {
        var pixels = new PixelScores(images.Length, Height * Width);
        foreach (var (map, mask) in images)
        {
            pixels.Add(Map(map), mask);
        }

        return pixels.Measure();
    }

    private static AnomalyMap Map(float[] values) => new(Height, Width, values);
}
