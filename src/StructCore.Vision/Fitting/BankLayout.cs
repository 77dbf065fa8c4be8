using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace StructCore.Vision.Fitting;

/// <summary>
/// What writer and reader of a bank file agree on: a zip of uncompressed entries whose comment seals it. The manifest
/// holds each array's digest; the seal holds the manifest's, and that of every byte before it.
/// </summary>
internal static class BankLayout
{
    public const string ManifestEntry = "manifest.json";
    public const string MemoryEntry = "memory.f4";
    public const string ImagesEntry = "memory-images.i4";
    public const string RoutingEntry = "routing.f4";

    /// <summary>Two SHA-256 in hex: the manifest's, then the file's up to the seal.</summary>
    public const int SealLength = 128;

    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };

    public static string Digest(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Digest of the first <paramref name="length"/> bytes of <paramref name="file"/>.</summary>
    public static string Digest(Stream file, long length)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        file.Position = 0;
        while (length > 0)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, length));
            file.ReadExactly(part);
            hash.AppendData(part);
            length -= part.Length;
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
