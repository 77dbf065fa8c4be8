using StructCore.Vision.Scoring;

namespace StructCore.Tests.Scoring;

public sealed class AnomalyMapTests
{
    public static TheoryData<string?> MapCases => GoldenCase.Names("map");

    [Theory]
    [Trait("Suite", "golden")]
    [MemberData(nameof(MapCases))]
    public void Map_GoldenCase_Agrees(string? name)
    {
        var golden = GoldenCase.Open(name);
        var shape = golden.InputShape("scores");
        var (scores, side) = (golden.Input<float>("scores"), golden.OutputShape("first")[0]);
        var size = shape[1] * shape[2];
        var maps = Enumerable.Range(0, shape[0]).Select(i => AnomalyMap.From(new PatchScores(shape[1], shape[2], scores[(i * size)..((i + 1) * size)]), side)).ToArray();
        golden.AssertOutput("first", maps[0].Values);
        var rows = golden.Input<long>("rows");
        golden.AssertOutput<float>("rows_of_each", maps.SelectMany(m => rows.SelectMany(r => m.Values.Slice((int)r * side, side).ToArray())).ToArray());
        golden.AssertOutput<float>("s_base", maps.Select(m => m.Values.ToArray().Max()).ToArray());
        golden.AssertOutput<float>("phi", maps.Select(StructuralDescriptor.Of).SelectMany(p => new[] { p.Dispersion, p.Tail, p.TotalVariation }).ToArray());
    }

    [Fact]
    public void Map_ConstantScores_IsConstantWithoutStructure()
    {
        var map = AnomalyMap.From(new PatchScores(28, 28, [.. Enumerable.Repeat(3f, 784)]), 224);
        Assert.All(map.Values.ToArray(), v => Assert.Equal(3f, v, 1e-5f));
        var phi = StructuralDescriptor.Of(map);
        Assert.Equal(0f, phi.Dispersion, 1e-5f);
        Assert.Equal(3f, phi.Tail, 1e-5f);
        Assert.Equal(0f, phi.TotalVariation, 1e-5f);
    }

    [Fact]
    public void TailMean_RandomValues_EqualsSorting()
    {
        var random = new Random(9);
        for (var round = 0; round < 200; round++)
        {
            // Few distinct values now and then, so that the cut falls into ties; negatives too.
            var values = Enumerable.Range(0, random.Next(1, 3000)).Select(_ => round % 3 == 0 ? random.Next(-3, 4) : (float)((random.NextDouble() * 20) - 5)).ToArray();
            var count = random.Next(1, values.Length + 1);
            Assert.Equal(values.OrderDescending().Take(count).Average(v => (double)v), TailMean.Of(values, count), 1e-5);
        }
    }

    [Fact]
    public void TailMean_ValueThatIsNotANumber_GivesNoNumber() => Assert.True(float.IsNaN(TailMean.Of([1, float.NaN, 3], 2)));
}
