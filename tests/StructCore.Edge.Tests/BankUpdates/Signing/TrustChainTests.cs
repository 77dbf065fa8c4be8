using StructCore.Edge.BankUpdates;
using StructCore.Edge.BankUpdates.Signing;

namespace StructCore.Tests.BankUpdates.Signing;

public sealed class TrustChainTests : IDisposable
{
    private readonly SigningKey[] _roots = [.. Enumerable.Range(0, 4).Select(_ => SigningKey.Create())];

    public void Dispose() => Array.ForEach(_roots, k => k.Dispose());

    [Fact]
    public void Open_AChain_EndsWithItsNewest()
    {
        var chain = TrustChain.Parse(TrustChain.ToJson(Chain()));
        Assert.Equal(4, TrustChain.Open(chain).Version);
        Assert.Equal(1, TrustChain.Open([chain[0]]).Version);
    }

    [Fact]
    public void After_WhatAStationHas_OnlyNewerOnesFollow()
    {
        var chain = Chain();
        var trust = TrustChain.Open(chain[..2]);
        Assert.Equal([3, 4], TrustChain.After(trust, chain).Select(t => t.Version));
        Assert.Equal([3, 4], TrustChain.After(trust, chain[2..]).Select(t => t.Version));
        Assert.Empty(TrustChain.After(trust, chain[..2]));
    }

    [Fact]
    public void After_AGap_TakesWhatComesBeforeIt()
    {
        var chain = Chain();
        var taken = new List<int>();
        var error = Assert.Throws<UpdateRefusedException>(() =>
        {
            foreach (var trust in TrustChain.After(Trust.Open(chain[0]), [chain[1], chain[3]]))
            {
                taken.Add(trust.Version);
            }
        });
        Assert.Equal(UpdateRefusal.TrustOutOfOrder, error.Refusal);
        Assert.Equal([2], taken);
    }

    [Fact]
    public void After_ALinkTheHoldersDidNotSign_EndsThere()
    {
        var forged = SignedDocument.Sign(TestTrust.Document(3, [_roots[3]], [_roots[3]]), _roots[3]);
        Assert.Equal(UpdateRefusal.WrongKey, Assert.Throws<UpdateRefusedException>(() => TrustChain.Open([.. Chain()[..2], forged])).Refusal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("[null]")]
    [InlineData("[{}]")]
    [InlineData("""[{"payload":"e30=","signatures":[]}]""")]
    public void Parse_NoChain_IsMalformed(string json) =>
        Assert.Equal(UpdateRefusal.Malformed, Assert.Throws<UpdateRefusedException>(() => TrustChain.Parse(System.Text.Encoding.UTF8.GetBytes(json))).Refusal);

    [Fact]
    public void Parse_EndlessChain_IsTooLarge() =>
        Assert.Equal(UpdateRefusal.TooLarge, Assert.Throws<UpdateRefusedException>(() => TrustChain.Parse(new byte[TrustChain.MaxBytes + 1])).Refusal);

    /// <summary>Versions 1 to 4, every one with a root of its own.</summary>
    private SignedDocument[] Chain() =>
        [.. _roots.Select((root, i) => SignedDocument.Sign(TestTrust.Document(i + 1, [root], [root]), i == 0 ? [root] : [_roots[i - 1], root]))];
}
