using StructCore.Vision.Scoring;

namespace StructCore.Tests.Scoring;

public sealed class LargestValuesTests
{
    private static readonly Random Random = new(9);

    public static TheoryData<string, float[]> Streams => new()
    {
        { "random", Values(3000, _ => (Random.NextSingle() * 20) - 5) },
        { "ties", Values(3000, _ => Random.Next(-3, 4)) },
        { "rising", Values(3000, i => i) },
        { "falling", Values(3000, i => -i) },
        { "constant", Values(3000, _ => 7) },
        { "zeros of both signs", Values(3000, i => i % 2 == 0 ? 0f : -0f) },
        { "denormal", Values(3000, i => (i - 1500) * float.Epsilon) },
        { "of all magnitudes", Values(3000, i => MathF.Pow(10, (i % 70) - 35) * (i % 3 == 0 ? -1 : 1)) },
        { "one", [5f] },
    };

    [Theory]
    [MemberData(nameof(Streams))]
    public void Mean_AnyStreamInAnyPieces_EqualsSorting(string name, float[] values)
    {
        for (var round = 0; round < 40; round++)
        {
            var count = round == 0 ? 1 : round == 1 ? values.Length : Random.Next(1, values.Length + 1);
            using var largest = new LargestValues(count);
            for (int at = 0, piece; at < values.Length; at += piece)
            {
                piece = Math.Min(Random.Next(1, 100), values.Length - at);
                largest.Add(values.AsSpan(at, piece));
            }

            var want = NaiveMap.Tail(Array.ConvertAll(values, v => (double)v), count);
            Assert.True(Math.Abs(want - largest.Mean()) <= 1e-6 * Math.Abs(want) + float.Epsilon, $"{name}: {want:R} wanted of {count}, got {largest.Mean():R}");
            Assert.Equal(values.Max(), largest.Maximum);
        }
    }

    private static float[] Values(int count, Func<int, float> value) => [.. Enumerable.Range(0, count).Select(value)];
}
