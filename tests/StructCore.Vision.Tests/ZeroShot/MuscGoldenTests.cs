using StructCore.Vision.Features;
using StructCore.Vision.ZeroShot;

namespace StructCore.Tests.ZeroShot;

[Trait("Suite", "golden")]
public sealed class MuscGoldenTests
{
    public static TheoryData<string?> Cases => GoldenCase.Names("musc");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Musc_IsMet(string? name)
    {
        var golden = GoldenCase.Open(name);
        var shape = golden.InputShape("features");
        var (layers, images, patches, width) = (shape[0], shape[1], shape[2], shape[3]);
        var grid = golden.Parameters.GetProperty("grid").GetInt32();
        var options = new ScreeningOptions
        {
            Degrees = Integers("degrees"),
            Windows = Integers("windows"),
            Share = golden.Parameters.GetProperty("share").GetDouble(),
        };
        using var spool = new TokenSpool(null);
        var (features, classTokens) = (golden.Input<float>("features"), golden.Input<float>("cls").Chunk(golden.InputShape("cls")[1]).ToArray());
        for (var image = 0; image < images; image++)
        {
            spool.Add(new LayerTokens([.. Enumerable.Range(0, layers).Select(l => new PatchFeatures(grid, grid, width, features.AsSpan(((l * images) + image) * patches * width, patches * width).ToArray()))], classTokens[image]), $"{image}");
        }

        golden.AssertOutput<float>("lnamd", [.. options.Degrees.SelectMany(degree => Aggregated(spool, degree))]);

        var msm = Maps();
        new MutualScoring(spool, options).Score([.. Enumerable.Range(0, images)], layer: 1, degree: 3, 1, msm, TestContext.Current.CancellationToken);
        golden.AssertOutput<float>("msm", [.. msm.SelectMany(m => m)]);

        var maps = Maps();
        new MutualScoring(spool, options).Score([[.. Enumerable.Range(0, images)]], maps, TestContext.Current.CancellationToken);
        golden.AssertOutput<float>("maps", [.. maps.SelectMany(m => m)]);
        golden.AssertOutput<float>("image_scores", [.. maps.Select(m => m.Max())]);
        golden.AssertOutput<float>("rscin", ScoreRefinement.Refine([.. maps.Select(m => m.Max())], classTokens, options.Windows));

        float[][] Maps() => [.. Enumerable.Range(0, images).Select(_ => new float[patches])];

        int[] Integers(string parameter) => [.. golden.Parameters.GetProperty(parameter).EnumerateArray().Select(e => e.GetInt32())];
    }

    private static float[] Aggregated(TokenSpool spool, int degree)
    {
        var tokens = new float[spool.Patches * spool.Width(0)];
        new TokenLoader(spool, layer: 0, degree).Load(0, tokens);
        return tokens;
    }
}
