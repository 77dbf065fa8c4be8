using StructCore.Edge.Drift;
using StructCore.Edge.Operator.Doctor;
using StructCore.Tests.Drift;
using StructCore.Tests.Fakes;

namespace StructCore.Tests.Operator.Doctor;

public sealed class DriftCheckTests
{
    [Theory]
    [InlineData(0, "no drift of cap-v1: of the last 40 accepted parts")]
    [InlineData(0.3f, "accepted parts of cap-v1 no longer look like its calibration images since 2026-02-03 04:05:45Z: of the last 40")]
    public void Records_OfAcceptedParts_AreCompared(float above, string text)
    {
        using var store = new FakeStore();
        for (var i = 0; i < 40; i++)
        {
            var part = WatchedParts.Part(WatchedParts.Bank(), i, above);
            store.TryAccept(part.Trigger);
            store.Complete(part);
        }

        var finding = Run(store);
        Assert.Equal(above > 0 ? FindingLevel.Warning : FindingLevel.Ok, finding.Level);
        Assert.StartsWith($"{WatchedParts.Station}: {text}", finding.Text, StringComparison.Ordinal);
        Assert.Equal(above > 0, finding.Text.Contains("Look at lamp, lens, focus", StringComparison.Ordinal));
    }

    [Fact]
    public void NoRecords_AreNoDrift()
    {
        using var store = new FakeStore();
        Assert.Equal($"{WatchedParts.Station}: no drift of cap-v1: too few accepted parts yet", Run(store).Text);
    }

    private static Finding Run(FakeStore store)
    {
        var findings = new List<Finding>();
        DriftCheck.Run(WatchedParts.Station, [WatchedParts.Bank()], store, new DriftOptions { Window = 40 }, new Findings("banks", findings.Add));
        return Assert.Single(findings);
    }
}
