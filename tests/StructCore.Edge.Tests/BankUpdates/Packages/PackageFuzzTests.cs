using System.Runtime.InteropServices;
using StructCore.Edge.BankUpdates;
using StructCore.Edge.BankUpdates.Packages;
using StructCore.Edge.BankUpdates.Signing;

namespace StructCore.Tests.BankUpdates.Packages;

/// <summary>Whatever happens to the bytes of a package, it is refused or it is the same bank; nothing else is thrown.</summary>
public sealed class PackageFuzzTests : IDisposable
{
    private static readonly int Rounds = Environment.GetEnvironmentVariable("STRUCTCORE_FULL") == "1" ? 10_000 : 400;

    private readonly TestPackages _packages = new();
    private readonly string _path;
    private readonly byte[] _bytes;
    private readonly byte[] _manifest;
    private readonly SignedDocument _release;
    private readonly SignedPackage _package;

    // Every byte of the headers, and the seal.
    private readonly int[] _headers;

    public PackageFuzzTests()
    {
        _path = _packages.Write("cap", 1);
        (_bytes, _release) = (File.ReadAllBytes(_path), BankPackage.ReadRelease(_path));
        _package = BankPackage.Open(_path, _release);
        _headers = [.. Signatures().SelectMany(at => Enumerable.Range(at, 60)).Concat(Enumerable.Range(_bytes.Length - 150, 150)).Where(i => i < _bytes.Length).Distinct()];
        _manifest = RebuiltPackage.Read(_path).Single(e => e.Name == "manifest.json").Bytes;
    }

    public void Dispose() => _packages.Dispose();

    [Fact]
    public void Open_EveryClassOfTruncation_IsDamaged()
    {
        var random = new Random(1);
        foreach (var length in Boundaries().Concat(Enumerable.Range(0, Rounds / 4).Select(_ => random.Next(_bytes.Length))))
        {
            File.WriteAllBytes(_path, _bytes[..length]);
            Refused(UpdateRefusal.Damaged);
        }
    }

    [Fact]
    public void Open_AnyBitFlipped_IsRefused()
    {
        var random = new Random(2);
        for (var round = 0; round < Rounds; round++)
        {
            // Every header gets its share: most bytes are the parity image's.
            var at = round % 2 == 0 ? random.Next(_bytes.Length) : _headers[random.Next(_headers.Length)];
            var spoiled = _bytes.ToArray();
            spoiled[at] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(_path, spoiled);
            Refused(UpdateRefusal.Damaged, UpdateRefusal.Malformed);
        }
    }

    [Fact]
    public void Open_ManyBytesChangedAndSealedAnew_IsRefusedOrTheSameBank()
    {
        var random = new Random(3);
        var same = 0;
        for (var round = 0; round < Rounds; round++)
        {
            RebuiltPackage.Seal(_path, Spoil(random), _manifest);
            try
            {
                var opened = BankPackage.Open(_path, _release);
                Assert.Equal(_package.Bank.Memory.Values, opened.Bank.Memory.Values);
                Assert.Equal(_package.Bank.Routing.Prototypes, opened.Bank.Routing.Prototypes);
                Assert.Equal(_package.Bank.Calibration, opened.Bank.Calibration);
                Assert.Equal(_package.ParityImages[0].Pixels, opened.ParityImages[0].Pixels);
                same++;
            }
            catch (UpdateRefusedException e)
            {
                Assert.True(e.Refusal is UpdateRefusal.Damaged or UpdateRefusal.Malformed or UpdateRefusal.TooLarge, e.Reason);
            }
        }

        // The times of the entries are all that may differ.
        Assert.InRange(same, 0, Rounds / 4);
    }

    /// <summary>A flip, a run of one value, a block moved over another, bytes put in, or bytes taken out.</summary>
    private byte[] Spoil(Random random)
    {
        var bytes = _bytes.ToList();
        var at = random.Next(2) == 0 ? random.Next(bytes.Count) : _headers[random.Next(_headers.Length)];
        var length = Math.Min(1 << random.Next(9), bytes.Count - at);
        switch (random.Next(5))
        {
            case 0:
                bytes[at] ^= (byte)random.Next(1, 256);
                break;
            case 1:
                CollectionsMarshal.AsSpan(bytes).Slice(at, length).Fill((byte)random.Next(256));
                break;
            case 2:
                bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count - length), length));
                break;
            case 3:
                bytes.RemoveRange(at, length);
                break;
            default:
                _bytes.AsSpan(random.Next(bytes.Count - length), length).CopyTo(CollectionsMarshal.AsSpan(bytes)[at..]);
                break;
        }

        return bytes.Count >= 128 ? [.. bytes] : [.. _bytes];
    }

    private void Refused(params UpdateRefusal[] expected)
    {
        var error = Assert.Throws<UpdateRefusedException>(() => BankPackage.Open(_path, _release));
        Assert.Contains(error.Refusal, expected);
        Assert.Contains(_path, error.Message, StringComparison.Ordinal);
    }

    /// <summary>Lengths around everything that begins or ends in the file.</summary>
    private IEnumerable<int> Boundaries() =>
        Signatures().SelectMany(at => new[] { at - 1, at, at + 1, at + 4, at + 30 }).Concat([0, 1, 21, 22, 149, 150, _bytes.Length - 129, _bytes.Length - 128, _bytes.Length - 1]).Where(l => l >= 0 && l < _bytes.Length).Distinct();

    /// <summary>Where the headers of the zip begin.</summary>
    private IEnumerable<int> Signatures() => Enumerable.Range(0, _bytes.Length - 4).Where(i => _bytes[i] == 'P' && _bytes[i + 1] == 'K' && _bytes[i + 2] < 8 && _bytes[i + 3] < 8);
}
