using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using StructCore.Edge.BankUpdates;
using StructCore.Edge.BankUpdates.Packages;
using StructCore.Edge.BankUpdates.Signing;
using StructCore.Tests.Faults;
using StructCore.Vision.Fitting;

namespace StructCore.Tests.PowerCuts;

/// <summary>Packages that were damaged somewhere, by chance or by somebody who knows how they are sealed: none is read.</summary>
[Collection(PowerCutCollection.Name)]
[Trait("Suite", "powercuts")]
public sealed class PackageFuzzTests : IDisposable
{
    private const int Digest = 64;
    private static readonly int Tries = FaultCollection.IsFull ? 10_000 : 300;

    private readonly TemporaryFolder _folder = new();
    private readonly Random _random = new(7);
    private readonly PowerCutSheet _sheet;
    private readonly Trust _trust;
    private readonly SignedDocument _release;
    private readonly byte[] _message;
    private readonly byte[] _package;
    private readonly Dictionary<string, (int Offset, int Length)> _entries;

    public PackageFuzzTests(Releases releases, PowerCutSheet sheet)
    {
        _sheet = sheet;
        _trust = Trust.Open(releases.FirstTrust());
        _release = BankPackage.ReadRelease(releases.Package(2));
        _message = Releases.Desired(releases.Package(2));
        _package = File.ReadAllBytes(releases.Package(2));
        using var zip = ZipFile.OpenRead(releases.Package(2));
        _entries = zip.Entries.ToDictionary(e => e.FullName, e => (OffsetOf(e), (int)e.Length));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Package_AsItIs_IsRead() => Assert.Equal($"{Releases.Category}-v2", BankPackage.Open(Write(_package), _release).Bank.Manifest.Id);

    [Fact]
    public void Package_BitsFlippedInAnyEntry_IsRefused()
    {
        foreach (var (name, (offset, length)) in _entries)
        {
            Refuse($"'{name}' with a bit flipped", "damaged", Tries / 2 / _entries.Count, bytes => Flip(bytes, offset + _random.Next(length)));
            Refuse($"'{name}' with a bit flipped, sealed again", "damaged, malformed", Tries / 4 / _entries.Count, bytes =>
            {
                Flip(bytes, offset + _random.Next(length));
                Seal(bytes);
            });
        }
    }

    [Fact]
    public void Package_FlippedBetweenItsEntries_IsRefused()
    {
        int[] between = [.. Enumerable.Range(0, _package.Length).Where(i => !_entries.Values.Any(e => i >= e.Offset && i < e.Offset + e.Length))];
        Refuse("headers, directory or seal with a bit flipped", "damaged", Tries / 8, bytes => Flip(bytes, between[_random.Next(between.Length)]));
    }

    [Fact]
    public void Package_TruncatedOrLonger_IsRefused()
    {
        Refuse("truncated anywhere", "damaged", Tries / 8, bytes => bytes[.._random.Next(bytes.Length)]);
        Refuse("bytes put in somewhere", "damaged", Tries / 16, bytes =>
        {
            var at = _random.Next(bytes.Length);
            return [.. bytes[..at], .. new byte[1 + _random.Next(64)], .. bytes[at..]];
        });
    }

    [Fact]
    public void Message_FlippedAnywhere_NeverBringsAnotherRelease()
    {
        const string What = "desired message with a bit flipped";
        for (var i = 0; i < Tries; i++)
        {
            byte[] bytes = [.. _message];
            Flip(bytes, _random.Next(bytes.Length));
            var taken = Refusal(() =>
            {
                var release = DesiredBank.Parse(bytes).Release;
                _trust.Verify(release, TrustRole.Bank, DateTimeOffset.UtcNow);
                Assert.Equal(_release.Payload, release.Payload);
            });

            // Size and digest of the file, and white space, are not signed: there the release is the same, and says what the file must hold.
            if (taken is not null)
            {
                _sheet.AddRefusal(What, "bad_signature, malformed, wrong_key", 1, 1);
            }
        }
    }

    private void Refuse(string what, string code, int tries, Action<byte[]> damage) => Refuse(what, code, tries, bytes =>
    {
        damage(bytes);
        return bytes;
    });

    private void Refuse(string what, string code, int tries, Func<byte[], byte[]> damage)
    {
        for (var i = 0; i < tries; i++)
        {
            var path = Write(damage([.. _package]));
            var refused = Refusal(() => BankPackage.Open(path, _release));
            _sheet.AddRefusal(what, code, 1, refused is null ? 0 : 1);
            Assert.True(refused is not null, $"{what}, try {i}: it was read.");
        }
    }

    // Anything but a refusal fails the test: what is not thought of must not reach the station.
    private static UpdateRefusal? Refusal(Action read)
    {
        try
        {
            read();
            return null;
        }
        catch (UpdateRefusedException e)
        {
            return e.Refusal;
        }
    }

    private string Write(byte[] bytes)
    {
        var path = _folder[$"{Releases.Category}-v2{BankFile.Extension}"];
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private void Flip(byte[] bytes, int at) => bytes[at] ^= (byte)(1 << _random.Next(8));

    // As whoever wrote the format down would do it: the manifest's digest, then that of everything before it.
    private void Seal(byte[] bytes)
    {
        var (offset, length) = _entries["manifest.json"];
        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(bytes.AsSpan(offset, length)))).CopyTo(bytes, bytes.Length - (2 * Digest));
        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(bytes.AsSpan(0, bytes.Length - (2 * Digest))))).CopyTo(bytes, bytes.Length - Digest);
    }

    private int OffsetOf(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        var bytes = new byte[entry.Length];
        stream.ReadExactly(bytes);
        return _package.AsSpan().IndexOf(bytes);
    }
}
