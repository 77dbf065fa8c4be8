using StructCore.Vision.Features;

namespace StructCore.Tests.Features;

[Trait("Suite", "golden")]
public sealed class RandomProjectionGoldenTests
{
    public static TheoryData<string?> Cases => GoldenCase.Names("fuse");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Draws_OfTheSeed_AreGolden(string? name)
    {
        var golden = GoldenCase.Open(name);
        var seed = golden.Parameters.GetProperty("seed").GetUInt64();
        var generator = new SplitMix64(seed);
        var draws = new long[golden.OutputShape("draws")[0]];
        for (var i = 0; i < draws.Length; i++)
        {
            draws[i] = (long)generator.Next();
            Assert.Equal(draws[i], (long)SplitMix64.At(seed, i));
        }

        golden.AssertOutput<long>("draws", draws);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fuse_OfTheLayers_IsGolden(string? name)
    {
        var golden = GoldenCase.Open(name);
        var shape = golden.InputShape("layers");
        var (width, seed) = (golden.Parameters.GetProperty("width").GetInt32(), golden.Parameters.GetProperty("seed").GetUInt64());

        golden.AssertOutput<float>("fused", NaiveFuse.Project(golden.Input<float>("layers"), shape[0], shape[1], shape[2], width, seed));
        var weights = new RandomProjection(shape[0] * shape[2], width, seed).Weights;
        var signs = new long[golden.OutputShape("signs")[0]];
        for (var i = 0; i < signs.Length; i++)
        {
            signs[i] = Math.Sign(weights[i]);
        }

        golden.AssertOutput<long>("signs", signs);
    }
}
