using FsCheck;
using FsCheck.Fluent;
using StructCore.Vision.Features;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Tests.MemoryBanks;

public sealed class BankRouterTests
{
    [Fact]
    public void Route_AnyBanks_EqualsTheNaiveTwin() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var (width, patches, scale) = (random.Next(1, 70), random.Next(1, 60), (float)Math.Pow(10, random.Next(-8, 9)));
            var features = new PatchFeatures(1, patches, width, Values(random, patches * width, scale));
            RoutingBank[] banks = [.. Enumerable.Range(0, random.Next(1, 6)).Select(i => Bank(random, $"c{i}", random.Next(1, 80), width))];

            var route = BankRouter.Route(features, banks);

            Assert.All(banks, b => Assert.Equal(NaiveMemoryBank.Route(features, b), route.Distances[b.Category], 1e-5));
            Assert.All(banks, b => Assert.Equal(NaiveMemoryBank.Cover(features, b), route.CoverDistances[b.Category], 1e-5));
            Assert.Equal(route.Distances.MinBy(d => d.Value).Key, route.Category);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Route_PatchOfZeros_LiesAtThePrototypesNorm() =>
        Assert.Equal(1f, BankRouter.Route(new PatchFeatures(1, 2, 8, new float[16]), [Bank(new Random(1), "a", 3, 8)]).Distances["a"], 1e-6f);

    [Fact]
    public void Route_PatchThatIsNotANumber_HasNoDistance() =>
        Assert.True(float.IsNaN(BankRouter.Route(new PatchFeatures(1, 1, 2, [1, float.NaN]), [Bank(new Random(1), "a", 3, 2)]).Distances["a"]));

    [Fact]
    public void Route_ImageThatShowsHalfTheProduct_IsNearAndDoesNotCover()
    {
        var bank = new RoutingBank("cap", 2, [1, 0, 0, 1]);

        var half = BankRouter.Route(new PatchFeatures(1, 2, 2, [3, 0, 5, 0]), [bank]);

        Assert.Equal(0f, half.Distances["cap"], 1e-6f);
        Assert.Equal(1f, half.CoverDistances["cap"], 1e-6f);
    }

    [Fact]
    public void Without_ACategory_IsTheRouteOverTheOthers()
    {
        var features = new PatchFeatures(1, 1, 2, [1, 0]);
        RoutingBank[] banks = [new("a", 2, [0.8f, 0.6f]), new("b", 2, [1, 0]), new("c", 2, [0.6f, 0.8f])];

        var without = BankRouter.Route(features, banks).Without("b")!;

        var want = BankRouter.Route(features, [banks[0], banks[2]]);
        Assert.Equal("a", without.Category);
        Assert.Equal(want.Distances, without.Distances);
        Assert.Equal(want.CoverDistances, without.CoverDistances);
        Assert.Null(without.Without("a")!.Without("c"));
    }

    [Fact]
    public void Route_OtherWidth_NamesTheCategoryAndBothWidths()
    {
        var error = Assert.Throws<ArgumentException>(() => BankRouter.Route(new PatchFeatures(1, 1, 9, new float[9]), [Bank(new Random(1), "cap", 3, 8)]));
        Assert.Contains("'cap' are 8 wide, the features 9", error.Message, StringComparison.Ordinal);
    }

    private static RoutingBank Bank(Random random, string category, int rows, int width)
    {
        var prototypes = Values(random, rows * width, 1);
        for (var row = 0; row < rows; row++)
        {
            RoutingSpace.Normalise(prototypes.AsSpan(row * width, width));
        }

        return new RoutingBank(category, width, prototypes);
    }

    private static float[] Values(Random random, int count, float scale) => [.. Enumerable.Range(0, count).Select(_ => scale * ((random.NextSingle() * 2) - 1))];
}
