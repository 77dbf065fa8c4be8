using StructCore.Edge.BankUpdates;
using StructCore.Edge.BankUpdates.Signing;

namespace StructCore.Tests.BankUpdates.Signing;

public sealed class TrustTests : IDisposable
{
    private readonly SigningKey[] _keys = [.. Enumerable.Range(0, 4).Select(_ => SigningKey.Create())];

    private SigningKey Root => _keys[0];

    private SigningKey First => _keys[1];

    private SigningKey Second => _keys[2];

    private SigningKey Stranger => _keys[3];

    public void Dispose() => Array.ForEach(_keys, k => k.Dispose());

    [Fact]
    public void Verify_EnoughGoodSignatures_TellsWhoSigned()
    {
        Assert.Equal([First.Id], TrustIn(1).Verify(Signed(First), TrustRole.Bank, TestTrust.Now));
        Assert.Equal([First.Id, Second.Id], TrustIn(2).Verify(Signed(First, Second), TrustRole.Bank, TestTrust.Now));
    }

    [Fact]
    public void Verify_SignatureOfAnotherRole_IsTheWrongKey()
    {
        Refused(UpdateRefusal.WrongKey, () => TrustIn(1).Verify(Signed(Root), TrustRole.Bank, TestTrust.Now));
        Refused(UpdateRefusal.WrongKey, () => TrustIn(1).Verify(Signed(First), TrustRole.Trust, TestTrust.Now));
        Refused(UpdateRefusal.WrongKey, () => TrustIn(1).Verify(Signed(Stranger), TrustRole.Bank, TestTrust.Now));
    }

    [Fact]
    public void Verify_SameKeyTwice_CountsOnce()
    {
        var document = Signed(First, First);
        Assert.Equal(2, document.Signatures.Count);
        Refused(UpdateRefusal.TooFewSignatures, () => TrustIn(2).Verify(document, TrustRole.Bank, TestTrust.Now));
        Assert.Equal([First.Id], TrustIn(1).Verify(document, TrustRole.Bank, TestTrust.Now));
    }

    [Fact]
    public void Verify_OneKeyAndAStranger_AreTooFew() =>
        Refused(UpdateRefusal.TooFewSignatures, () => TrustIn(2).Verify(Signed(First, Stranger), TrustRole.Bank, TestTrust.Now));

    [Fact]
    public void Verify_BadSignature_DoesNotCountButDoesNoHarm()
    {
        var document = Signed(First, Second);
        var spoiled = document with { Signatures = [document.Signatures[0], document.Signatures[1] with { Signature = document.Signatures[0].Signature }] };
        Refused(UpdateRefusal.BadSignature, () => TrustIn(2).Verify(spoiled, TrustRole.Bank, TestTrust.Now));
        Assert.Equal([First.Id], TrustIn(1).Verify(spoiled, TrustRole.Bank, TestTrust.Now));
    }

    [Fact]
    public void Verify_AnotherPayload_IsABadSignature()
    {
        var document = Signed(First);
        document.Payload[5] ^= 1;
        Refused(UpdateRefusal.BadSignature, () => TrustIn(1).Verify(document, TrustRole.Bank, TestTrust.Now));
    }

    [Theory]
    [InlineData(new byte[] { 0 })]
    [InlineData(new byte[] { 0x30, 0x06, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00 })]
    [InlineData(new byte[] { 0x30, 0x80, 0xff })]
    public void Verify_BytesThatAreNoSignature_AreABadOne(byte[] bytes)
    {
        var document = Signed(First) with { Signatures = [new DocumentSignature(First.Id, bytes)] };
        Refused(UpdateRefusal.BadSignature, () => TrustIn(1).Verify(document, TrustRole.Bank, TestTrust.Now));
    }

    [Fact]
    public void Verify_RevokedKey_NeverCountsThoughItIsListed()
    {
        var trust = Open(Two(1) with { Revoked = [First.Id] });
        Refused(UpdateRefusal.RevokedKey, () => trust.Verify(Signed(First), TrustRole.Bank, TestTrust.Now));
        Assert.Equal([Second.Id], trust.Verify(Signed(First, Second), TrustRole.Bank, TestTrust.Now));
    }

    [Fact]
    public void Verify_KeyOutsideItsTime_IsExpired()
    {
        var document = Two(1);
        var trust = Open(document with { Keys = [.. document.Keys.Select(k => k.Id == First.Id ? k with { ValidFrom = TestTrust.Start.AddDays(10), ValidUntil = TestTrust.Start.AddDays(20) } : k)] });
        Refused(UpdateRefusal.Expired, () => trust.Verify(Signed(First), TrustRole.Bank, TestTrust.Start.AddDays(10).AddMinutes(-11)));
        Assert.Equal([First.Id], trust.Verify(Signed(First), TrustRole.Bank, TestTrust.Start.AddDays(10).AddMinutes(-10)));
        Refused(UpdateRefusal.Expired, () => trust.Verify(Signed(First), TrustRole.Bank, TestTrust.Start.AddDays(21)));
        Assert.Equal([First.Id], trust.Verify(Signed(First), TrustRole.Bank, TestTrust.Start.AddDays(20)));
    }

    [Fact]
    public void Verify_TrustPastItsTime_TakesNothing()
    {
        var trust = TrustIn(1);
        Assert.NotEmpty(trust.Verify(Signed(First), TrustRole.Bank, trust.Content.Expires));
        Refused(UpdateRefusal.TrustExpired, () => trust.Verify(Signed(First), TrustRole.Bank, trust.Content.Expires.AddMilliseconds(1)));
    }

    [Fact]
    public void Open_NotSignedByItsOwnHolders_IsRefused()
    {
        Refused(UpdateRefusal.WrongKey, () => Trust.Open(SignedDocument.Sign(Two(1), Stranger)));
        Refused(UpdateRefusal.WrongKey, () => Trust.Open(SignedDocument.Sign(Two(1), First)));
        Refused(UpdateRefusal.RevokedKey, () => Trust.Open(SignedDocument.Sign(Two(1) with { Revoked = [Root.Id] }, Root)));
        Refused(UpdateRefusal.TooFewSignatures, () => Trust.Open(SignedDocument.Sign(TestTrust.Document(1, [Root, Second], [First], trustThreshold: 2), Root)));
    }

    [Fact]
    public void Advance_SignedByOldAndNew_TakesThePlace()
    {
        var next = SignedDocument.Sign(TestTrust.Document(2, [Second], [Stranger]), Root, Second);
        var trust = TrustIn(1).Advance(next);
        Assert.Equal((2, next), (trust.Version, trust.Document));
        Assert.Equal([Stranger.Id], trust.Verify(Signed(Stranger), TrustRole.Bank, TestTrust.Now));
        Refused(UpdateRefusal.WrongKey, () => trust.Verify(Signed(First), TrustRole.Bank, TestTrust.Now));
    }

    [Fact]
    public void Advance_SignedByOneOfOldAndNewOnly_IsRefused()
    {
        var next = TestTrust.Document(2, [Second], [First]);
        Refused(UpdateRefusal.WrongKey, () => TrustIn(1).Advance(SignedDocument.Sign(next, Second)));
        Refused(UpdateRefusal.WrongKey, () => TrustIn(1).Advance(SignedDocument.Sign(next, Root)));
    }

    [Fact]
    public void Advance_OldAsksForTwo_OneIsTooFew()
    {
        var trust = Trust.Open(SignedDocument.Sign(TestTrust.Document(1, [Root, Second], [First], trustThreshold: 2), Root, Second));
        var next = TestTrust.Document(2, [Root], [First]);
        Refused(UpdateRefusal.TooFewSignatures, () => trust.Advance(SignedDocument.Sign(next, Root)));
        Assert.Equal(2, trust.Advance(SignedDocument.Sign(next, Root, Second)).Version);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Advance_VersionThatDoesNotFollow_IsOutOfOrder(int version) =>
        Refused(UpdateRefusal.TrustOutOfOrder, () => TrustIn(1).Advance(SignedDocument.Sign(Two(1) with { Version = version }, Root)));

    [Fact]
    public void Advance_CreatedBeforeTheOneItFollows_IsOutOfOrder() =>
        Refused(UpdateRefusal.TrustOutOfOrder, () => TrustIn(1).Advance(SignedDocument.Sign(Two(1) with { Version = 2, Created = TestTrust.Start.AddDays(-1) }, Root)));

    [Fact]
    public void Advance_ForgetsARevokedKey_IsRefused()
    {
        var trust = Open(Two(1) with { Revoked = [First.Id] });
        Refused(UpdateRefusal.Malformed, () => trust.Advance(SignedDocument.Sign(Two(1) with { Version = 2 }, Root)));
        Assert.Equal(2, trust.Advance(SignedDocument.Sign(Two(1) with { Version = 2, Revoked = [Second.Id, First.Id] }, Root)).Version);
    }

    [Fact]
    public void Advance_TrustAndItsKeyPastTheirTime_StillFollows()
    {
        var document = Two(1);
        var old = Open(document with { Keys = [.. document.Keys.Select(k => k with { ValidUntil = TestTrust.Start.AddDays(1) })], Expires = TestTrust.Start.AddDays(1) });
        var next = old.Advance(SignedDocument.Sign(Two(1) with { Version = 2 }, Root));
        Assert.Equal([First.Id], next.Verify(Signed(First), TrustRole.Bank, TestTrust.Start.AddDays(100)));
        Refused(UpdateRefusal.Expired, () => old.Advance(SignedDocument.Sign(Two(1) with { Version = 2, Created = TestTrust.Start.AddDays(2) }, Root)));
    }

    [Fact]
    public void Read_EveryRuleOfATrustDocument_IsAsked()
    {
        var good = Two(1);
        var key = good.Keys[0];
        using var other = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP384);
        TrustDocument[] bad =
        [
            good with { Version = 0 },
            good with { Expires = good.Created },
            good with { Keys = [.. good.Keys, key] },
            good with { Keys = [.. good.Keys.Skip(1)] },
            good with { Keys = [.. good.Keys.Skip(1), key with { Id = new string('0', 32) }] },
            good with { Keys = [.. good.Keys.Skip(1), key with { PublicKey = [.. key.PublicKey, 0] }] },
            good with { Keys = [.. good.Keys.Skip(1), key with { PublicKey = other.ExportSubjectPublicKeyInfo() }] },
            good with { Keys = [.. good.Keys.Skip(1), key with { PublicKey = [] }] },
            good with { Keys = [.. good.Keys.Skip(1), key with { ValidUntil = key.ValidFrom }] },
            good with { Keys = [.. good.Keys, null!] },
            good with { Revoked = ["x"] },
            good with { Revoked = [null!] },
            good with { Trust = good.Trust with { Threshold = 0 } },
            good with { Trust = good.Trust with { Threshold = 2 } },
            good with { Bank = good.Bank with { Threshold = 3, KeyIds = [First.Id, First.Id, Second.Id] } },
            good with { Bank = good.Bank with { KeyIds = [Stranger.Id] } },
        ];
        TrustDocument.Read(SignedDocument.Sign(good, Root));
        Assert.All(bad, document => Refused(UpdateRefusal.Malformed, () => TrustDocument.Read(SignedDocument.Sign(document, Root))));
    }

    private static void Refused(UpdateRefusal refusal, Func<object> act) => Assert.Equal(refusal, Assert.Throws<UpdateRefusedException>(act).Refusal);

    private static SignedDocument Signed(params SigningKey[] keys) => SignedDocument.Sign("""{"type": "bank"}"""u8.ToArray(), keys);

    private Trust Open(TrustDocument document) => Trust.Open(SignedDocument.Sign(document, Root));

    private Trust TrustIn(int bankThreshold) => Open(Two(bankThreshold));

    /// <summary>Version 1: the root for trust, two keys for banks.</summary>
    private TrustDocument Two(int bankThreshold) => TestTrust.Document(1, [Root], [First, Second], bankThreshold: bankThreshold);
}
