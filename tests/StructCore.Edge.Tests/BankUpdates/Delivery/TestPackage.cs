using System.Security.Cryptography;
using StructCore.Edge.BankUpdates.Delivery;
using StructCore.Edge.BankUpdates.Packages;

namespace StructCore.Tests.BankUpdates.Delivery;

/// <summary>Bytes to be fetched; delivery does not look into them.</summary>
internal static class TestPackage
{
    /// <summary>Four whole chunks and a short one.</summary>
    public static readonly byte[] Content = Bytes(seed: 1, (4 * PackageChunks.Bytes) + 1000);

    public static PackageRequest Request { get; } = RequestFor(Content);

    public static byte[] Bytes(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static PackageRequest RequestFor(byte[] content, string category = "cap", int version = 7) =>
        new(category, version, new PackageFile(content.Length, Convert.ToHexStringLower(SHA256.HashData(content))), Limit: content.Length);

    public static string PartName(PackageRequest request) => $"{request.Category}-v{request.Version}.{request.Package.Sha256[..16]}.part";
}
