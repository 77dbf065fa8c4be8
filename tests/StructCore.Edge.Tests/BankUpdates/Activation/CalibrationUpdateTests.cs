using StructCore.Edge.BankUpdates.Signing;
using StructCore.Edge.Storage;
using StructCore.Tests.Fakes;

namespace StructCore.Tests.BankUpdates.Activation;

/// <summary>A calibration without a bank.</summary>
public sealed class CalibrationUpdateTests
{
    [Fact]
    public async Task Calibration_ForTheActiveBank_DecidesAtOnceAndAfterARestart()
    {
        await using var line = await new UpdateLine().StartAsync();
        Publish(line, line.Calibrate("cap", 1, number: 1, threshold: 0.5f));
        await Stage(line, "guard");
        var verdict = await line.InspectAsync();
        await line.InspectAsync();
        await Stage(line, "done");
        await line.StartAsync();

        Assert.Equal(0.5f, verdict.GetProperty("threshold").GetSingle());
        Assert.Equal(0.5f, (await line.InspectAsync()).GetProperty("threshold").GetSingle());
        Assert.Equal([(BankEventKind.Calibrated, 1), (BankEventKind.Confirmed, 1)], line.History().Select(e => (e.Kind, e.Version)));
        Assert.Contains("\"threshold\":0.5", Assert.Single(line.Store.Calibrations("cap")).Document, StringComparison.Ordinal);
        Assert.Equal(1, (await line.Station.Broker.WaitAsync("bank/cap/state")).GetProperty("active").GetProperty("calibration").GetInt32());
    }

    [Fact]
    public async Task Calibration_RejectingTooMuch_IsTakenBackAndItsNumberIsUsedUp()
    {
        await using var line = await new UpdateLine().StartAsync();
        var document = line.Calibrate("cap", 1, number: 1, threshold: 1e-6f);
        Publish(line, document);
        await Stage(line, "guard");
        await line.InspectUntilAsync("withdrawn");
        Assert.Equal(1, (await line.InspectAsync()).GetProperty("threshold").GetSingle());
        await line.StartAsync();
        Publish(line, document);

        Assert.StartsWith("downgrade: calibration 1 of 'cap-v1' is no newer than 1", (await Stage(line, "refused")).GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, (await line.InspectAsync()).GetProperty("threshold").GetSingle());
    }

    [Fact]
    public async Task Calibration_OfABankThatComesLater_WaitsForIt()
    {
        await using var line = new UpdateLine();
        (line.Options.ShadowInspections, line.Options.GuardInspections) = (0, 0);
        await line.StartAsync();
        Publish(line, line.Calibrate("cap", 2, number: 1, threshold: 0.25f));
        Assert.StartsWith("wrong_bank:", (await Stage(line, "refused")).GetProperty("reason").GetString(), StringComparison.Ordinal);
        line.Publish("cap", line.Sign("cap", 2));
        await Stage(line, "done");

        Assert.Equal(0.25f, (await line.InspectAsync()).GetProperty("threshold").GetSingle());
    }

    [Fact]
    public async Task Calibration_AndRollback_GoWithTheirBanks()
    {
        await using var line = new UpdateLine();
        (line.Options.ShadowInspections, line.Options.GuardInspections) = (0, 0);
        await line.StartAsync();
        Publish(line, line.Calibrate("cap", 1, number: 1, threshold: 0.5f));
        await Stage(line, "done");
        line.Publish("cap", line.Sign("cap", 2));
        await line.Station.Broker.WaitAsync("bank/cap/state", b => b.GetProperty("active").GetProperty("version").GetInt32() == 2);
        Assert.Equal(1, (await line.InspectAsync()).GetProperty("threshold").GetSingle());
        line.Station.Broker.Send(StationHarness.Root + "command/rollback", """{"category": "cap"}""", m => m with { ResponseTopic = "tests/answers" });
        await line.Station.Broker.WaitAsync("answers");

        Assert.Equal(0.5f, (await line.InspectAsync()).GetProperty("threshold").GetSingle());
    }

    [Fact]
    public async Task Calibration_ByAStranger_IsRefused()
    {
        await using var line = await new UpdateLine().StartAsync();
        using var stranger = SigningKey.Create();
        Publish(line, line.Calibrate("cap", 1, 1, 1000, stranger));

        Assert.StartsWith("wrong_key:", (await Stage(line, "refused")).GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, (await line.InspectAsync()).GetProperty("threshold").GetSingle());
    }

    [Fact]
    public async Task Calibration_OfAnotherCategory_IsRefused()
    {
        await using var line = await new UpdateLine().StartAsync();
        Publish(line, line.Calibrate("nut", 1, 1, 1000));

        Assert.StartsWith("wrong_category:", (await Stage(line, "refused")).GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    private static void Publish(UpdateLine line, SignedDocument document) => line.Station.Broker.Send(line.Topic("cap", "calibration"), document.ToJson(), m => m with { Retain = true });

    private static Task<System.Text.Json.JsonElement> Stage(UpdateLine line, string stage) =>
        line.Station.Broker.WaitAsync("update/state", b => b.GetProperty("kind").GetString() == "calibration" && b.GetProperty("stage").GetString() == stage);
}
