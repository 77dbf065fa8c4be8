using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using StructCore.Edge.BankUpdates;
using StructCore.Edge.BankUpdates.Activation;
using StructCore.Edge.Triggers;
using StructCore.Tests.Fakes;

namespace StructCore.Tests.BankUpdates.Activation;

public sealed class UpdateIntakeTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<(UpdateKind, string)> _repeated = [];
    private readonly UpdateIntake _intake;

    public UpdateIntakeTests() => _intake = new("one", new StationTopics("plant", "line", "one"), (k, c) => _repeated.Add((k, c)), _time, NullLogger<UpdateIntake>.Instance);

    [Fact]
    public async Task Take_OfSeveral_TrustThenCalibrationThenBank()
    {
        Send("bank/cap/desired", "1");
        Send("bank/nut/calibration", "2");
        Send("update/trust", "3");

        Assert.Equal(["3", "2", "1"], [await TextAsync(), await TextAsync(), await TextAsync()]);
    }

    [Fact]
    public async Task Take_SeveralOnOneTopic_TheNewestOnly()
    {
        Send("bank/cap/desired", "1");
        Send("bank/cap/desired", "2");

        Assert.Equal("2", await TextAsync());
        Assert.False(TakeAsync().IsCompleted);
    }

    [Fact]
    public async Task Newer_WhileOneIsWorkedOn_SupersedesIt()
    {
        Send("bank/cap/desired", "1");
        var first = await TakeAsync();
        var told = new TaskCompletionSource();
        using var _ = first.Superseded.Register(told.SetResult);
        Send("bank/cap/desired", "2");
        await told.Task.WaitAsync(TimeSpan.FromSeconds(20));
        _intake.Settle(first, new());

        Assert.Equal("2", await TextAsync());
    }

    [Fact]
    public async Task Same_WhileOneIsWorkedOnOrSettled_IsOnlyRepeated()
    {
        Send("bank/cap/desired", "1");
        var first = await TakeAsync();
        Send("bank/cap/desired", "1");
        _intake.Settle(first, new(UpdateRefusal.Damaged));
        Send("bank/cap/desired", "1");

        Assert.False(first.Superseded.IsCancellationRequested);
        Assert.Equal([(UpdateKind.Bank, "cap"), (UpdateKind.Bank, "cap")], _repeated);
        Assert.False(TakeAsync().IsCompleted);
    }

    [Fact]
    public async Task Same_AfterTheBanksChanged_IsLookedAtAgain()
    {
        Send("bank/cap/desired", "1");
        _intake.Settle(await TakeAsync(), new());
        _intake.BanksChanged("nut");
        Send("bank/cap/desired", "1");
        Assert.Equal([(UpdateKind.Bank, "cap")], _repeated);
        _intake.BanksChanged("cap");
        Send("bank/cap/desired", "1");

        Assert.Equal("1", await TextAsync());
    }

    [Fact]
    public async Task Cleared_IsForgotten()
    {
        Send("bank/cap/desired", "1");
        Send("bank/cap/desired", "");
        Send("bank/nut/desired", "2");

        Assert.Equal("2", await TextAsync());
        Assert.False(TakeAsync().IsCompleted);
    }

    [Fact]
    public async Task Retry_IsTakenAgainWhenItIsDue()
    {
        Send("bank/cap/desired", "1");
        _intake.Settle(await TakeAsync(), new(UpdateRefusal.NotAvailable, TimeSpan.FromSeconds(5)));
        var again = TakeAsync();
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.False(again.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("cap", (await again.WaitAsync(TimeSpan.FromSeconds(20))).Category);
    }

    [Fact]
    public async Task Reconsider_ThoseItIsAskedFor_AreTakenAgain()
    {
        foreach (var (category, refusal) in new[] { ("cap", UpdateRefusal.WrongKey), ("nut", UpdateRefusal.Damaged) })
        {
            Send($"bank/{category}/desired", category);
            _intake.Settle(await TakeAsync(), new(refusal));
        }

        _intake.Reconsider((_, _, refusal) => refusal == UpdateRefusal.WrongKey);

        Assert.Equal("cap", await TextAsync());
        Assert.False(TakeAsync().IsCompleted);
    }

    [Fact]
    public async Task Category_ThatIsNotFree_WaitsUntilItIs()
    {
        var free = false;
        Send("bank/cap/desired", "1");
        var taken = _intake.TakeAsync(_ => free, CancellationToken.None);
        Assert.False(taken.IsCompleted);
        free = true;
        _intake.Wake();

        Assert.Equal("cap", (await taken.WaitAsync(TimeSpan.FromSeconds(20))).Category);
    }

    [Theory]
    [InlineData("bank/../desired")]
    [InlineData("bank/ /desired")]
    public void Category_ThatIsNoName_IsDropped(string topic)
    {
        Send(topic, "1");

        Assert.False(TakeAsync().IsCompleted);
    }

    [Fact]
    public void Message_TooLarge_IsDropped()
    {
        Send("bank/cap/desired", new string('1', UpdateIntake.MaxPayloadBytes + 1));

        Assert.False(TakeAsync().IsCompleted);
    }

    [Fact]
    public async Task Topics_MoreThanAStationEverHas_AreDropped()
    {
        for (var i = 0; i < 1000; i++)
        {
            Send($"bank/c{i}/desired", "1");
        }

        var taken = 0;
        while (TakeAsync() is { IsCompleted: true } next)
        {
            await next;
            taken++;
        }

        Assert.Equal(200, taken);
    }

    private void Send(string topic, string payload) => _intake.Receive(new BusMessage(StationHarness.Root + topic, Encoding.UTF8.GetBytes(payload)));

    private Task<UpdateRequest> TakeAsync() => _intake.TakeAsync(_ => true, CancellationToken.None);

    private async Task<string> TextAsync() => Encoding.UTF8.GetString((await TakeAsync()).Payload.Span);
}
