using StructCore.Edge.Storage;
using StructCore.Edge.Verdicts;
using StructCore.Tests.Fakes;
using StructCore.Vision.Calibration;
using StructCore.Vision.Fitting;
using StructCore.Vision.Scoring;

namespace StructCore.Tests.Drift;

/// <summary>A bank of caps that knows how its calibration images scored, and parts it accepts.</summary>
internal static class WatchedParts
{
    public const string Station = "plant/line/one";

    private static readonly DateTimeOffset Begin = new(2026, 2, 3, 4, 5, 6, TimeSpan.Zero);

    /// <summary>40 images whose scores are spread from 0 to 0.2, and their route distances from 0 to 0.1; the threshold is 1.</summary>
    public static ProductBank Bank(int version = 1)
    {
        using var extractor = new FakeExtractor();
        var bank = extractor.Bank("cap", FakeExtractor.Cap, version);
        return bank.With(bank.Calibration with
        {
            Mean = new(1, 1, 1),
            Normal = new(Enumerable.Range(0, 40).Select(i => new NormalScore(new MapStatistics(i / 200f, new(1, 1, 1)), i / 400f, 0))),
        });
    }

    /// <summary>The record of a part, one a second: scores and route distances as of the images, and <paramref name="above"/> more.</summary>
    public static InspectionRecord Part(ProductBank bank, int number, float above = 0)
    {
        var (at, place) = (Begin.AddSeconds(number), number * 17 % 40);
        var verdict = new Verdict(Decision.Accept, "within_threshold")
        {
            Score = (place / 200f) + above,
            Threshold = bank.Calibration.Threshold,
            Category = "cap",
            RouteDistance = place / 400f,
            Bank = new(bank.Manifest.Id, bank.Manifest.Version, bank.Sha256),
        };
        return new(new AcceptedTrigger(Station, "7", $"\"{number}\"", null, null, null, at, at.AddSeconds(2)), verdict, null, at, null, 1, at);
    }
}
