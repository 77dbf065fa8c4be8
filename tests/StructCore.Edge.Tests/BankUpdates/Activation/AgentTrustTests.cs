using Microsoft.Extensions.Logging.Abstractions;
using StructCore.Edge.BankUpdates;
using StructCore.Edge.BankUpdates.Activation;
using StructCore.Edge.BankUpdates.Signing;
using StructCore.Edge.Storage;
using StructCore.Tests.BankUpdates.Signing;
using StructCore.Tests.Fakes;

namespace StructCore.Tests.BankUpdates.Activation;

/// <summary>Whom an agent trusts.</summary>
public sealed class AgentTrustTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeStore _store = new();
    private readonly FakeTimeProvider _time = new();
    private readonly SigningKey _trust = SigningKey.Create();
    private readonly SigningKey _bank = SigningKey.Create();

    public void Dispose()
    {
        _trust.Dispose();
        _bank.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Open_TheFirstTime_TakesTheFile()
    {
        Assert.Equal(2, Open(Document(1), Document(2)).Current.Version);
        Assert.Null(_store.TrustDocument());
    }

    [Fact]
    public void Advance_ByAChain_TakesOneAfterTheOtherAndKeepsTheNewest()
    {
        var trust = Open(Document(1));
        var told = 0;
        trust.Changed += () => told++;

        Assert.Equal(3, trust.Advance(TrustChain.ToJson([Document(1), Document(2), Document(3)]), "one"));
        Assert.Equal((2, 3), (told, Open(Document(1)).Current.Version));
        Assert.Equal([2, 3], _store.BankEvents(null, null, 10).Reverse().Select(e => e.Version));
    }

    [Fact]
    public void Advance_WithAGap_KeepsWhatCameBeforeIt()
    {
        var trust = Open(Document(1));
        var e = Assert.Throws<UpdateRefusedException>(() => trust.Advance(TrustChain.ToJson([Document(2), Document(4)]), "one"));

        Assert.Equal((UpdateRefusal.TrustOutOfOrder, 2), (e.Refusal, trust.Current.Version));
    }

    [Fact]
    public void Open_FileThatFollowsTheStoredTrust_CountsFromThenOn()
    {
        Open(Document(1)).Advance(TrustChain.ToJson([Document(2)]), "one");

        Assert.Equal(3, Open(Document(1), Document(2), Document(3)).Current.Version);
        Assert.Equal(3, Open(Document(1)).Current.Version);
    }

    [Fact]
    public void Open_NewerFileOfOtherKeys_CountsByHandAndIsOnRecord()
    {
        Open(Document(1)).Advance(TrustChain.ToJson([Document(2)]), "one");
        using var fresh = SigningKey.Create();
        var trust = Open(SignedDocument.Sign(TestTrust.Document(7, [fresh], [fresh]), fresh));

        Assert.Equal(7, trust.Current.Version);
        Assert.Contains("by hand", _store.BankEvents(null, null, 1).Single(e => e.Kind == BankEventKind.TrustChanged).Reason, StringComparison.Ordinal);
    }

    private SignedDocument Document(int version) => SignedDocument.Sign(TestTrust.Document(version, [_trust], [_bank]), _trust);

    private AgentTrust Open(params SignedDocument[] chain)
    {
        File.WriteAllBytes(_folder["trust.json"], TrustChain.ToJson(chain));
        return AgentTrust.Open(_folder["trust.json"], _store, _time, NullLogger<AgentTrust>.Instance);
    }
}
