using System.Text;
using StructCore.Edge.Native.Mosquitto;
using StructCore.Edge.Triggers;

namespace StructCore.Tests.Faults;

/// <summary>The audit finds what it is there for: a forged station answers as none may.</summary>
public sealed class AuditTests
{
    private const string Good = """{"trigger_id": "t", "seq": 1, "verdict": "ACCEPT", "score": 1, "threshold": 2, "bank": {}, "frame_id": "1-good.png"}""";
    private const string Accepted = """{"trigger_id": "t", "status": "accepted"}""";
    private const string Ready = """{"state": "ready", "agent_epoch": 1}""";

    [Theory]
    [InlineData("ack", Accepted, "verdict", Good, "results", Good)]
    [InlineData("ack", """{"trigger_id": "t", "status": "busy"}""")]
    [InlineData("state", """{"state": "error", "agent_epoch": 1}""", "ack", """{"trigger_id": "t", "status": "not_ready"}""")]
    public Task Account_OfASoundStation_IsClean(params string[] answers) => AssertAsync(answers, (0, 0, 0));

    [Theory]
    [InlineData]
    [InlineData("ack", Accepted)]
    [InlineData("ack", Accepted, "verdict", """{"trigger_id": "t", "verdict": "ERROR"}""")]
    [InlineData("ack", Accepted, "results", Good, "results", """{"trigger_id": "t", "seq": 2, "verdict": "ERROR"}""")]
    public Task Account_WithoutExactlyOneRecord_CountsALoss(params string[] answers) => AssertAsync(answers, (1, 0, 0));

    [Theory]
    [InlineData("verdict", Good)]
    [InlineData("verdict/code", "t;1")]
    public Task Account_VerdictAfterTheTimer_IsLate(params string[] answers) => AssertAsync(["ack", Accepted, "results", Good, .. answers], (0, 1, 0), deadline: TimeSpan.Zero);

    [Theory]
    [InlineData("""{"trigger_id": "t", "seq": 1, "verdict": "ACCEPT", "frame_id": "1-good.png"}""")]
    [InlineData("""{"trigger_id": "t", "seq": 1, "verdict": "ACCEPT", "score": 3, "threshold": 2, "bank": {}, "frame_id": "1-good.png"}""")]
    [InlineData("""{"trigger_id": "t", "seq": 1, "verdict": "ACCEPT", "score": 1, "threshold": 2, "frame_id": "1-good.png"}""")]
    [InlineData("""{"trigger_id": "t", "seq": 1, "verdict": "ACCEPT", "score": 1, "threshold": 2, "bank": {}}""")]
    [InlineData("""{"trigger_id": "t", "seq": 1, "verdict": "ACCEPT", "score": 1, "threshold": 2, "bank": {}, "frame_id": "1-bad.png"}""")]
    [InlineData("""{"trigger_id": "t", "seq": 1, "verdict": "REJECT", "score": 3, "threshold": 2, "bank": {}, "frame_id": "1-good.png"}""")]
    public Task Account_DecisionThePartDidNotDeserve_IsWrong(string result) => AssertAsync(["results", result], (0, 0, 1));

    [Fact]
    public Task Account_RefusalBehindReady_IsWrong() => AssertAsync(["state", Ready, "ack", """{"trigger_id": "t", "status": "not_ready"}"""], (0, 0, 1));

    private static async Task AssertAsync(IReadOnlyList<string> answers, (int Lost, int Late, int Wrong) expected, TimeSpan? deadline = null)
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var plc = await Plc.ConnectAsync(broker.Port);
        await using var station = new MosquittoMessageBus();
        await station.ConnectAsync(new BusConnection { Host = "127.0.0.1", Port = broker.Port, ClientId = "forger" }, default);
        var trigger = new SentTrigger("t", deadline ?? TimeSpan.FromMinutes(1), ready: true) { TakenAt = Plc.Now };
        for (var i = 0; i < answers.Count; i += 2)
        {
            var isText = answers[i] == "verdict/code";
            await station.PublishAsync(new BusMessage(Plc.Root + answers[i], Encoding.UTF8.GetBytes(answers[i + 1])) { ContentType = isText ? null : "application/json" }, default);
        }

        Assert.True(await plc.UntilAsync(() => new[] { "state", "ack", "verdict", "verdict/code", "results" }.Sum(t => plc.All(t).Count) == answers.Count / 2, TimeSpan.FromSeconds(20)));
        var tally = new Audit(plc, storePath: null).Count(1, 1, [trigger]);

        Assert.Equal(expected, (tally.Lost, tally.Late, tally.Wrong));
    }
}
