using System.Text.Json;
using StructCore.Tests.Fakes;
using StructCore.Vision.Calibration;
using StructCore.Vision.Fitting;

namespace StructCore.Tests.Inspection;

/// <summary>A part of a product that no bank is of.</summary>
public sealed class UnknownProductTests
{
    private static readonly FakeExtractor Extractor = new();

    [Fact]
    public async Task Trigger_PartThatFitsNoCategory_IsAnErrorThatNamesTheNearest()
    {
        await using var station = await Limited(0.1f).StartAsync();
        station.Camera.Show(station.Camera.Part(FakeExtractor.Stranger, 0));
        station.Trigger("a");

        var verdict = await station.VerdictAsync("a");

        Assert.Equal("ERROR", verdict.GetProperty("verdict").GetString());
        Assert.Equal("unknown_product: nearest is 'cap', route distance 0.5858, but its cover distance 0.5858 is beyond the limit 0.1000 of bank 'cap-v1'", verdict.GetProperty("reason").GetString());
        Assert.Equal(0.5858f, verdict.GetProperty("route_distance").GetSingle(), 1e-4f);
        Assert.All(new[] { "score", "threshold", "category", "bank" }, member => Assert.False(verdict.TryGetProperty(member, out var value) && value.ValueKind != JsonValueKind.Null));
        Assert.Equal("a;3", System.Text.Encoding.UTF8.GetString(station.Broker.Published("verdict/code").Single().Payload.Span));
        Assert.Equal(verdict.GetProperty("reason").GetString(), (await station.ResultAsync("a")).GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData(FakeExtractor.Cap, "cap")]
    [InlineData(FakeExtractor.Nut, "nut")]
    public async Task Trigger_PartOfAKnownProduct_IsJudged(byte product, string category)
    {
        await using var station = await Limited(0.1f).StartAsync();
        station.Camera.Show(station.Camera.Part(product, 0));
        station.Trigger("a");

        var verdict = await station.VerdictAsync("a");

        Assert.Equal(("ACCEPT", category), (verdict.GetProperty("verdict").GetString(), verdict.GetProperty("category").GetString()));
    }

    [Fact]
    public async Task Trigger_WithARecipe_IsJudgedByItsBankWhateverThePartShows()
    {
        await using var station = await Limited(0.1f).StartAsync();
        station.Camera.Show(station.Camera.Part(FakeExtractor.Stranger, 0));
        station.Trigger("a", """, "recipe": "nut" """);

        var verdict = await station.VerdictAsync("a");

        Assert.Equal(("nut", 0.5858f), (verdict.GetProperty("category").GetString(), MathF.Round(verdict.GetProperty("route_distance").GetSingle(), 4)));
        Assert.NotEqual("ERROR", verdict.GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task Trigger_BanksWithoutALimit_JudgeByTheNearest()
    {
        await using var station = await new StationHarness().StartAsync();
        station.Camera.Show(station.Camera.Part(FakeExtractor.Stranger, 0));
        station.Trigger("a");

        Assert.Equal("cap", (await station.VerdictAsync("a")).GetProperty("category").GetString());
    }

    private static StationHarness Limited(float cover) => new() { Banks = [Bank("cap", FakeExtractor.Cap, cover), Bank("nut", FakeExtractor.Nut, cover)] };

    private static ProductBank Bank(string category, byte product, float cover)
    {
        var bank = Extractor.Bank(category, product);
        return bank.With(bank.Calibration with { UnknownShare = 0.01, Normal = new(Enumerable.Repeat(new NormalScore(default, 0, cover), 20)) });
    }
}
