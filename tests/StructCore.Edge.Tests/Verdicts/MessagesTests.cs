using System.Text.Json;
using StructCore.Edge.Storage;
using StructCore.Edge.Triggers;
using StructCore.Edge.Verdicts;
using StructCore.Tests.Telemetry;

namespace StructCore.Tests.Verdicts;

public sealed class MessagesTests
{
    private static readonly Messages Messages = new(new StationTopics("plant", "line", "one"));

    [Fact]
    public void VerdictAndResult_CarryThePValueOfTheVerdict()
    {
        var record = Records.Accepted with { Verdict = Records.Accepted.Verdict with { PValue = 0.375f } };
        Assert.All(Bodies(record), b => Assert.Equal(0.375f, b.GetProperty("p_value").GetSingle()));
    }

    /// <summary>A bank without normal scores has none, and an ERROR has no score: 0 would be the strongest of suspicions.</summary>
    [Fact]
    public void VerdictAndResult_WithoutAPValue_LeaveItOut() =>
        Assert.All([.. Bodies(Records.Accepted), .. Bodies(Records.Failed)], b => Assert.False(b.TryGetProperty("p_value", out _)));

    private static JsonElement[] Bodies(InspectionRecord record) =>
        [Body(Messages.Verdict(record, TimeSpan.FromSeconds(2))), Body(Messages.Result(record, late: false))];

    private static JsonElement Body(BusMessage message) => JsonSerializer.Deserialize<JsonElement>(message.Payload.Span);
}
