using System.Text.Json;
using StructCore.Vision.Calibration;
using StructCore.Vision.Scoring;

namespace StructCore.Tests.Calibration;

public sealed class NormalScoresTests
{
    [Fact]
    public void Json_OfAnyFloats_KeepsEveryBit()
    {
        var random = new Random(7);
        var scores = new NormalScores(Enumerable.Range(0, 50).Select(_ => new NormalScore(new MapStatistics(Any(), new StructuralDescriptor(Any(), Any(), Any())), Any(), Any())));
        var json = JsonSerializer.Serialize(scores);
        var read = JsonSerializer.Deserialize<NormalScores>(json)!;
        Assert.Equal(scores, read);
        Assert.Equal(scores.GetHashCode(), read.GetHashCode());
        Assert.Equal(Enumerable.Range(0, 50).Select(i => BitConverter.SingleToInt32Bits(scores[i].RouteDistance)), read.Select(i => BitConverter.SingleToInt32Bits(i.RouteDistance)));

        float Any() => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue));
    }

    [Fact]
    public void Json_OfOneImage_IsItsSixColumnsInOrder()
    {
        var json = JsonSerializer.Serialize(new NormalScores([new(new(1, new(2, 3, 4)), 5, 6)]));
        Assert.Equal("\"" + Convert.ToBase64String([0, 0, 128, 63, 0, 0, 0, 64, 0, 0, 64, 64, 0, 0, 128, 64, 0, 0, 160, 64, 0, 0, 192, 64]) + "\"", json);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("\"no base64!\"")]
    [InlineData("\"AAAA\"")]
    public void Json_OfNoWholeRows_IsRefused(string json) => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<NormalScores>(json));

    [Fact]
    public void Equals_OneBitApart_IsFalse()
    {
        var one = new NormalScore(new(1, new(2, 3, 4)), 5, 6);
        Assert.NotEqual(new NormalScores([one]), new NormalScores([one with { RouteDistance = MathF.BitIncrement(5) }]));
        Assert.NotEqual(new NormalScores([one]), new NormalScores([one, one]));
    }

    [Fact]
    public void IsFinite_AnyColumnNot_IsFalse()
    {
        Assert.True(new NormalScores([new(new(1, new(2, 3, 4)), 5, 6)]).IsFinite);
        Assert.False(new NormalScores([new(new(1, new(2, 3, 4)), 5, float.NaN)]).IsFinite);
        Assert.False(new NormalScores([new(new(float.PositiveInfinity, new(2, 3, 4)), 5, 6)]).IsFinite);
    }
}
