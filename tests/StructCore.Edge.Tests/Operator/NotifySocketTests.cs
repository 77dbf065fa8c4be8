using StructCore.Edge.Operator;

namespace StructCore.Tests.Operator;

public sealed class NotifySocketTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Send_ToAPathOrAnAbstractName_ArrivesAsOneLine(bool inAbstractNamespace)
    {
        using var manager = new NotifyListener(inAbstractNamespace);

        Assert.Null(new NotifySocket(manager.Address).Send("STATUS", "one\ntwo"));
        await manager.WaitAsync("STATUS=one two");
    }

    [Fact]
    public void Send_NobodyListens_SaysWhyInsteadOfThrowing() => Assert.NotNull(new NotifySocket("/nowhere/notify").Send("READY", "1"));
}
