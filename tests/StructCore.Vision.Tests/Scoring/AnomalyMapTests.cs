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
        PatchScores[] each = [.. Enumerable.Range(0, shape[0]).Select(i => new PatchScores(shape[1], shape[2], scores[(i * size)..((i + 1) * size)]))];
        var maps = Array.ConvertAll(each, s => AnomalyMap.From(s, side));
        golden.AssertOutput("first", maps[0].Values);
        var rows = golden.Input<long>("rows");
        golden.AssertOutput<float>("rows_of_each", [.. maps.SelectMany(m => rows.SelectMany(r => m.Row((int)r).ToArray()))]);
        foreach (var statistics in (MapStatistics[][])[Array.ConvertAll(maps, MapStatistics.Of), Array.ConvertAll(each, s => MapStatistics.Of(s, side))])
        {
            golden.AssertOutput<float>("s_base", Array.ConvertAll(statistics, s => s.Maximum));
            golden.AssertOutput<float>("phi", [.. statistics.SelectMany(s => new[] { s.Structure.Dispersion, s.Structure.Tail, s.Structure.TotalVariation })]);
        }
    }
}
