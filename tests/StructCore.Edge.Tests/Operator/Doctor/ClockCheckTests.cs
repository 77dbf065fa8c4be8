using StructCore.Edge.Operator.Doctor;
using StructCore.Tests.Fakes;

namespace StructCore.Tests.Operator.Doctor;

public sealed class ClockCheckTests
{
    [Fact]
    public async Task Clock_BeforeTheProgramWasBuilt_Fails()
    {
        // The fake's clock begins in February 2026, as one whose battery is flat begins somewhere.
        var time = new FakeTimeProvider();
        var findings = new List<Finding>();
        time.Advance(-TimeSpan.FromDays(10_000));
        await ClockCheck.RunAsync(time, new Findings("clock", findings.Add));

        Assert.Contains(findings, f => f.Level == FindingLevel.Fail && f.Text.Contains("Set the clock: timedatectl", StringComparison.Ordinal));
    }
}
