using StructCore.Vision.Features;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Tests.MemoryBanks;

[Trait("Suite", "golden")]
public sealed class MemoryBankGoldenTests
{
    public static TheoryData<string?> CoresetCases => GoldenCase.Names("coreset");

    public static TheoryData<string?> KnnCases => GoldenCase.Names("knn");

    public static TheoryData<string?> RoutingCases => GoldenCase.Names("routing");

    [Theory]
    [MemberData(nameof(CoresetCases))]
    public void Coreset_GoldenCase_IsChosenExactly(string? name)
    {
        var golden = GoldenCase.Open(name);
        if (golden.HasInput("totals"))
        {
            var (totals, k) = (golden.Input<long>("totals"), golden.Parameters.GetProperty("k").GetInt32());
            var ratios = golden.Parameters.GetProperty("ratios").EnumerateArray().Select(r => r.GetDouble());
            golden.AssertOutput<long>("sizes", totals.Zip(ratios, (t, p) => (long)Coreset.Size((int)t, p, k)).ToArray());
            return;
        }

        var shape = golden.InputShape("features");
        var proxies = new ProxyRows(shape[0], shape[1]);
        proxies.Set(0, golden.Input<float>("features"));
        var chosen = KCenterGreedySampler.Sample(proxies, golden.Parameters.GetProperty("n").GetInt32());
        golden.AssertOutput<long>("indices", Array.ConvertAll(chosen, i => (long)i));
        var images = golden.Input<long>("images");
        golden.AssertOutput<long>("bank_images", Array.ConvertAll(chosen, i => images[i]));
    }

    [Theory]
    [MemberData(nameof(KnnCases))]
    public void NearestNeighbourSearch_GoldenCase_Agrees(string? name)
    {
        var golden = GoldenCase.Open(name);
        var (z, bank) = (golden.InputShape("z"), golden.InputShape("bank"));
        var images = golden.HasInput("bank_images") ? Array.ConvertAll(golden.Input<long>("bank_images"), i => (int)i) : new int[bank[0]];
        int? ignore = golden.Parameters.TryGetProperty("image", out var image) ? image.GetInt32() : null;
        var search = new NearestNeighbourSearch(new MemoryBank(bank[1], golden.Input<float>("bank"), images));
        var scores = search.Score(new PatchFeatures(1, z[0], z[1], golden.Input<float>("z")), golden.Parameters.GetProperty("k").GetInt32(), ignore);
        golden.AssertOutput<float>("scores", scores);
    }

    [Theory]
    [MemberData(nameof(RoutingCases))]
    public void BankRouter_GoldenCase_Agrees(string? name)
    {
        var golden = GoldenCase.Open(name);
        var (z, shape) = (golden.InputShape("z"), golden.InputShape("prototypes"));
        var names = golden.Parameters.GetProperty("names").EnumerateArray().Select(n => n.GetString()!).ToArray();
        var size = shape[1] * shape[2];
        var prototypes = golden.Input<float>("prototypes");
        var banks = names.Select((n, i) => new RoutingBank(n, shape[2], prototypes[(i * size)..((i + 1) * size)])).ToArray();
        var route = BankRouter.Route(new PatchFeatures(1, z[0], z[1], golden.Input<float>("z")), banks);
        golden.AssertOutput<float>("values", names.Select(n => route.Distances[n]).ToArray());
        golden.AssertOutput<long>("category", [(long)Array.IndexOf(names, route.Category)]);
    }
}
