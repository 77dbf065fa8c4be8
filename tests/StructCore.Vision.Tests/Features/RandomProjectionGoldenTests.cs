using System.Numerics.Tensors;
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
        var (layers, rows, width) = (shape[0], shape[1], shape[2]);
        var projection = new RandomProjection(layers * width, golden.Parameters.GetProperty("width").GetInt32(), golden.Parameters.GetProperty("seed").GetUInt64());
        var values = golden.Input<float>("layers");
        var concatenated = new float[values.Length];
        for (var r = 0; r < rows; r++)
        {
            for (var l = 0; l < layers; l++)
            {
                var patch = values.AsSpan(((l * rows) + r) * width, width);
                TensorPrimitives.Divide(patch, MathF.Max(TensorPrimitives.Norm<float>(patch), 1e-12f), concatenated.AsSpan(((r * layers) + l) * width, width));
            }
        }

        var fused = new float[rows * projection.OutputWidth];
        projection.Project(concatenated, rows, fused);

        golden.AssertOutput<float>("fused", fused);
        var signs = new long[golden.OutputShape("signs")[0]];
        for (var i = 0; i < signs.Length; i++)
        {
            signs[i] = Math.Sign(projection.Weights[i]);
        }

        golden.AssertOutput<long>("signs", signs);
    }
}
