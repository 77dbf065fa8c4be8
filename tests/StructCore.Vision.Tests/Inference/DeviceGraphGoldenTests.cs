using Microsoft.ML.OnnxRuntime;
using StructCore.Tests.Imaging;
using StructCore.Vision.Features;
using StructCore.Vision.Imaging;
using StructCore.Vision.Inference;
using StructCore.Vision.MemoryBanks;

namespace StructCore.Tests.Inference;

/// <summary>The golden cases of the host's kernels, put to the device's graphs.</summary>
[Trait("Suite", "golden")]
public sealed class DeviceGraphGoldenTests
{
    public static TheoryData<string?> KnnCases => GoldenCase.Names("knn");

    public static TheoryData<string?> RoutingCases => GoldenCase.Names("routing");

    public static TheoryData<string?> MapCases => GoldenCase.Names("map");

    [Theory]
    [InlineData(5)]
    [InlineData(224)]
    public void PixelGraph_OfRandomCrops_IsNormaliseToTheBit(int side)
    {
        var backbone = Backbone(side, 1);
        RgbImage[] crops = [RandomImage.Of(side, side, 1), RandomImage.Of(side, side, 2)];
        var want = new float[2 * crops[0].Pixels.Length];
        ImagePreprocessor.Normalise(crops[0], backbone.Mean, backbone.Std, want.AsSpan(0, want.Length / 2));
        ImagePreprocessor.Normalise(crops[1], backbone.Mean, backbone.Std, want.AsSpan(want.Length / 2));

        using var session = DeviceSession.Open(PixelGraph.Build(backbone), new ExtractorOptions());
        using var binding = session.Bind();
        using var input = OrtValue.CreateTensorValueFromMemory([.. crops.SelectMany(c => c.Pixels.ToArray())], [2, side, side, 3]);
        var got = new float[want.Length];
        using var output = OrtValue.CreateTensorValueFromMemory(got, [2, 3, side, side]);
        binding.BindInput(PixelGraph.Crops, input);
        binding.BindOutput(PixelGraph.Pixels, output);
        session.Run(binding);

        Assert.Equal(want, got);
    }

    [Theory]
    [MemberData(nameof(KnnCases))]
    public void DeviceBank_KnnCase_Agrees(string? name)
    {
        var golden = GoldenCase.Open(name);
        var (z, shape) = (golden.InputShape("z"), golden.InputShape("bank"));
        var (width, values) = (z[1], golden.Input<float>("bank"));
        if (golden.Parameters.TryGetProperty("image", out var ignored))
        {
            // A device's bank has no image to leave out: it is another bank.
            var images = golden.Input<long>("bank_images");
            values = [.. Enumerable.Range(0, shape[0]).Where(r => images[r] != ignored.GetInt64()).SelectMany(r => values[(r * width)..((r + 1) * width)])];
        }

        var (patches, _) = Score(golden.Input<float>("z"), width, values, golden.Parameters.GetProperty("k").GetInt32(), side: 56);

        golden.AssertOutput("scores", patches.AsSpan(0, z[0]));
    }

    [Theory]
    [MemberData(nameof(MapCases))]
    public void DeviceBank_MapCase_Agrees(string? name)
    {
        var golden = GoldenCase.Open(name);
        var (scores, side) = (golden.Input<float>("scores"), golden.OutputShape("first")[0]);

        // Against a bank of one row at 0, the score of a patch one wide is its square.
        var (patches, figures) = Score(Array.ConvertAll(scores, MathF.Sqrt), 1, [0], 5, side);

        for (var i = 0; i < scores.Length; i++)
        {
            Assert.Equal(scores[i], patches[i], 1e-6f * scores[i]);
        }

        golden.AssertOutput<float>("s_base", [.. figures.Chunk(ScoringGraph.FigureCount).Select(f => f[0])]);
        golden.AssertOutput<float>("phi", [.. figures.Chunk(ScoringGraph.FigureCount).SelectMany(f => f[1..])]);
    }

    [Theory]
    [MemberData(nameof(RoutingCases))]
    public void DeviceRouter_RoutingCase_Agrees(string? name)
    {
        var golden = GoldenCase.Open(name);
        var (z, shape) = (golden.InputShape("z"), golden.InputShape("prototypes"));
        var names = golden.Parameters.GetProperty("names").EnumerateArray().Select(n => n.GetString()!).ToArray();
        var (prototypes, size) = (golden.Input<float>("prototypes"), shape[1] * shape[2]);
        var backbone = Backbone((int)Math.Sqrt(z[0]), z[1]);
        using var session = DeviceSession.Open(RoutingGraph.Build(backbone), new ExtractorOptions());
        using var router = new DeviceRouter(session, [.. names.Select((n, i) => new RoutingBank(n, shape[2], prototypes[(i * size)..((i + 1) * size)]))], z[0]);
        using var features = OrtValue.CreateTensorValueFromMemory(golden.Input<float>("z"), [1, z[0], z[1]]);

        var (route, isFinite) = Assert.Single(router.Route(features, 1, CancellationToken.None));

        golden.AssertOutput<float>("values", [.. names.Select(n => route.Distances[n])]);
        golden.AssertOutput<long>("category", [(long)Array.IndexOf(names, route.Category)]);
        Assert.True(isFinite);
    }

    [Fact]
    public void DeviceBank_RowsWithFloors_EqualsHost()
    {
        // More than a panel's, and more with floors than there are candidates: as bare rows they would be the nearest.
        const int Width = 6, Rows = 700, Side = 32;
        var random = new Random(7);
        float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())];
        var bank = new MemoryBank(Width, Values(Rows * Width), new int[Rows], [.. Enumerable.Range(0, Rows).Select(row => row % 2 == 0 ? 0 : 0.1f * random.NextSingle())]);
        var z = Values(36 * Width);

        var got = Score(z, bank, 5, Side).Patches;

        var want = new NearestNeighbourSearch(bank).Score(new PatchFeatures(6, 6, Width, z))!;
        Assert.NotEqual(want, new NearestNeighbourSearch(new MemoryBank(Width, bank.Values.ToArray(), new int[Rows])).Score(new PatchFeatures(6, 6, Width, z))!);
        Assert.All(want, (value, patch) => Assert.Equal(value, got[patch], 1e-5f));
    }

    [Fact]
    public void DeviceRouter_CategoriesOfDifferentSizes_EqualsHost()
    {
        float[] rows = [3, 4, 0, 0, 0, 2];
        RoutingBank[] banks = [new("x", 2, [1, 0]), new("y", 2, [0, 1, 0.6f, 0.8f]), new("w", 2, [-1, 0, 0, -1, 1, 0])];
        using var session = DeviceSession.Open(RoutingGraph.Build(Backbone(1, 2)), new ExtractorOptions());
        using var router = new DeviceRouter(session, banks, 1);
        using var features = OrtValue.CreateTensorValueFromMemory(rows, [3, 1, 2]);

        var routes = router.Route(features, 3, CancellationToken.None);

        for (var i = 0; i < routes.Length; i++)
        {
            var want = BankRouter.Route(new PatchFeatures(1, 1, 2, rows[(2 * i)..((2 * i) + 2)]), banks);
            Assert.Equal(want.Category, routes[i].Route.Category);
            Assert.All(want.Distances, d => Assert.Equal(d.Value, routes[i].Route.Distances[d.Key], 1e-6f));
            Assert.All(want.CoverDistances, d => Assert.Equal(d.Value, routes[i].Route.CoverDistances[d.Key], 1e-6f));
        }
    }

    [Fact]
    public void DeviceRouter_FeatureThatIsNoNumber_IsToldOfItsImageAlone()
    {
        using var session = DeviceSession.Open(RoutingGraph.Build(Backbone(1, 2)), new ExtractorOptions());
        using var router = new DeviceRouter(session, [new RoutingBank("x", 2, [1, 0])], 1);
        using var features = OrtValue.CreateTensorValueFromMemory([1f, 0, 0, float.NaN, float.PositiveInfinity, 0], [3, 1, 2]);

        Assert.Equal([true, false, false], router.Route(features, 3, CancellationToken.None).Select(r => r.IsFinite));
    }

    /// <summary>Patches z, as many images as there are grids of 28 x 28, or one grid with zeros behind.</summary>
    private static (float[] Patches, float[] Figures) Score(float[] z, int width, float[] bank, int neighbours, int side) => Score(z, new MemoryBank(width, bank, new int[bank.Length / width]), neighbours, side);

    private static (float[] Patches, float[] Figures) Score(float[] z, MemoryBank bank, int neighbours, int side)
    {
        var width = bank.Width;
        var grid = Math.Min(28, (int)Math.Ceiling(Math.Sqrt(z.Length / width)));
        var images = ((z.Length / width) - 1) / (grid * grid) + 1;
        Array.Resize(ref z, images * grid * grid * width);
        using var session = DeviceSession.Open(ScoringGraph.Build(grid, width, side), new ExtractorOptions());
        using var rows = new DeviceBank(session, bank, neighbours, grid * grid);
        using var features = OrtValue.CreateTensorValueFromMemory(z, [images, grid * grid, width]);
        return rows.Score(features, [.. Enumerable.Range(0, images).Select(i => (long)i)], CancellationToken.None);
    }

    private static BackboneManifest Backbone(int side, int width) => new()
    {
        Name = "any",
        Family = "resnet",
        Resize = side,
        Crop = side,
        Mean = [0.485f, 0.456f, 0.406f],
        Std = [0.229f, 0.224f, 0.225f],
        Layers = [],
        Fuse = "none",
        Grid = side,
        Width = width,
        Sha256 = "",
    };
}
