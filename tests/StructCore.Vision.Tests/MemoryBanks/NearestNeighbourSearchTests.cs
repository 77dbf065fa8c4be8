using FsCheck;
using FsCheck.Fluent;
using StructCore.Vision.Features;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Tests.MemoryBanks;

public sealed class NearestNeighbourSearchTests
{
    /// <summary>Half of the time some rows have floors, of the size of distances and beyond.</summary>
    private static MemoryBank Bank(Random random, int rows, int width, int images) => new(
        width,
        Values(random, rows * width),
        [.. Enumerable.Range(0, rows).Select(_ => random.Next(images))],
        random.Next(2) == 0 ? null : [.. Enumerable.Range(0, rows).Select(_ => random.Next(2) * random.NextSingle() * 2 * width)]);

    private static float[] Values(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 4) - 2))];

    public static TheoryData<string> Kinds => BoundsKinds.Names;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Score_AnySizes_EqualsBruteForce(string kind) =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var (rows, width, patches, k, images) = (random.Next(1, 150), random.Next(1, 70), random.Next(1, 130), random.Next(1, 8), random.Next(1, 5));
            var bank = Bank(random, rows, width, images);
            var ignore = random.Next(-1, images);
            var features = new PatchFeatures(1, patches, width, Values(random, patches * width));
            var got = new NearestNeighbourSearch(bank, BoundsKinds.Of(kind, bank.Values, width)).Score(features, k, ignore < 0 ? null : ignore);
            if (got is null)
            {
                Assert.Equal(rows, bank.Images.Count(ignore));
                return;
            }

            for (var p = 0; p < patches; p++)
            {
                var want = NaiveMemoryBank.Score(features.Row(p), bank, k, ignore);
                Assert.Equal(want, got[p], 1e-4 + (1e-5 * want));
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Score_RowOfTheBankItself_IsExactlyZeroWithOneNeighbour()
    {
        // Large values on purpose: |a|² - 2ab + |b|² alone would leave a rest.
        var random = new Random(1);
        var bank = new MemoryBank(64, Array.ConvertAll(Values(random, 640), v => v * 1000), new int[10]);
        Assert.Equal(0f, new NearestNeighbourSearch(bank).Score(new PatchFeatures(1, 1, 64, bank.Row(7).ToArray()), 1)![0]);
    }

    [Fact]
    public void Score_RowWithAFloor_CountsAsSoMuchFarther()
    {
        var search = new NearestNeighbourSearch(new MemoryBank(1, [0, 10], [0, 1], [0, 20]));

        // Beyond 6 the second row is nearer, floor and all: (z - 10)² + 20 < z².
        Assert.Equal([25, 36, 29, 20], search.Score(new PatchFeatures(1, 4, 1, [5, 6, 7, 10]), neighbours: 1)!);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Score_MoreCloseRowsThanWaitForMeasuring_EqualsBruteForce(string kind)
    {
        // Rows that approach the queries step by step: every one is a candidate, and the buffer fills up again and again.
        var (random, width, rows) = (new Random(6), 40, 2000);
        var direction = Values(random, width);
        var bank = new MemoryBank(width, [.. Enumerable.Range(0, rows * width).Select(i => direction[i % width] * (1 - (i / width * 4e-4f)))], new int[rows]);
        var features = new PatchFeatures(1, 3, width, Array.ConvertAll(Values(random, 3 * width), v => 0.02f * v));
        var got = new NearestNeighbourSearch(bank, BoundsKinds.Of(kind, bank.Values, width)).Score(features)!;
        for (var p = 0; p < features.Rows; p++)
        {
            var want = NaiveMemoryBank.Score(features.Row(p), bank, NearestNeighbourSearch.DefaultNeighbours, -1);
            Assert.Equal(want, got[p], 1e-5 * (1 + want));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Score_MoreRowsThanAreBoundedAtOnceManyOfThemEqual_EqualsBruteForce(string kind)
    {
        // Few values make few distinct rows, so that nearly all bounds and distances are ties, also at the border of what is bounded first.
        var (random, width, rows) = (new Random(3), 3, 7000);
        var bank = new MemoryBank(width, [.. Enumerable.Range(0, rows * width).Select(_ => random.Next(-9, 10) * 0.37f)], [.. Enumerable.Range(0, rows).Select(_ => random.Next(3))]);
        var features = new PatchFeatures(1, 60, width, Values(random, 60 * width));
        foreach (var (k, ignore) in (IEnumerable<(int, int?)>)[(1, null), (5, 2), (40, 0), (6999, null)])
        {
            var got = new NearestNeighbourSearch(bank, BoundsKinds.Of(kind, bank.Values, width)).Score(features, k, ignore)!;
            for (var p = 0; p < features.Rows; p += 7)
            {
                Assert.Equal(NaiveMemoryBank.Score(features.Row(p), bank, k, ignore ?? -1), got[p], 1e-4);
            }
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Score_BankRowThatIsNotFinite_IsAsIfItWereNotThere(float value)
    {
        var random = new Random(4);
        var (bank, features) = (Bank(random, 100, 16, 1), new PatchFeatures(1, 30, 16, Values(random, 30 * 16)));
        var values = bank.Values.ToArray();
        values.AsSpan(0, 16).Fill(1);
        values[35] = values[1599] = value;
        var whole = new MemoryBank(16, [.. values[..32], .. values[48..^16]], new int[98]);

        var got = new NearestNeighbourSearch(new MemoryBank(16, values, new int[100])).Score(features)!;

        for (var p = 0; p < features.Rows; p++)
        {
            Assert.Equal(NaiveMemoryBank.Score(features.Row(p), whole, 5, -1), got[p], 1e-4);
        }
    }

    [Fact]
    public void Score_FeatureThatIsNotANumber_GivesNoNumber()
    {
        var bank = Bank(new Random(2), 20, 8, 2);
        var features = new PatchFeatures(1, 1, 8, [1, 2, float.NaN, 4, 5, 6, 7, 8]);
        Assert.True(float.IsNaN(new NearestNeighbourSearch(bank).Score(features)![0]));
    }

    [Fact]
    public void Score_OtherWidth_NamesBoth()
    {
        var search = new NearestNeighbourSearch(Bank(new Random(2), 20, 8, 2));
        var error = Assert.Throws<ArgumentException>(() => search.Score(new PatchFeatures(1, 1, 9, new float[9])));
        Assert.Contains("9 wide", error.Message, StringComparison.Ordinal);
        Assert.Contains("bank 8", error.Message, StringComparison.Ordinal);
    }
}
