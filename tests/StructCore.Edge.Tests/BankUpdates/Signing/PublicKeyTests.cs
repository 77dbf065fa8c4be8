using System.Security.Cryptography;
using StructCore.Edge.BankUpdates.Signing;

namespace StructCore.Tests.BankUpdates.Signing;

public sealed class PublicKeyTests
{
    [Fact]
    public void Key_WrittenInAnotherWay_IsRefused()
    {
        using var key = SigningKey.Create();
        var bytes = key.PublicKey.Bytes;
        Assert.Equal(key.Id, new PublicKey(bytes).Id);

        // Each of them would count as a key of its own.
        Assert.Throws<CryptographicException>(() => new PublicKey([.. bytes, 0]));
        Assert.Throws<CryptographicException>(() => new PublicKey(Compressed(bytes)));
    }

    /// <summary>The point by its first coordinate and the sign of its second: 32 bytes shorter.</summary>
    private static byte[] Compressed(byte[] bytes)
    {
        const int Point = 26;
        return [0x30, (byte)(bytes[1] - 32), .. bytes[2..(Point - 2)], (byte)(bytes[Point - 2] - 32), 0, (byte)(2 + (bytes[^1] & 1)), .. bytes[(Point + 1)..(Point + 33)]];
    }
}
