using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using StructCore.Edge.BankUpdates.Packages;
using StructCore.Edge.BankUpdates.Signing;
using StructCore.Vision.Fitting;

namespace StructCore.Tests.PowerCuts;

/// <summary>Packages that are not what was signed, and transfers that do not end well, offered to a whole station.</summary>
[Collection(PowerCutCollection.Name)]
[Trait("Suite", "powercuts")]
public sealed class PackageRefusalTests(FittedParts parts, Releases releases, PowerCutSheet sheet)
{
    private static readonly string OtherSha256 = new('b', 64);
    private static readonly SearchValues<byte> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private Decider First => releases.Decider(releases.Unsigned(1));

    [Fact]
    public async Task Package_OtherThanWhatWasSigned_IsRefused()
    {
        await using var desk = await OpenAsync();
        var path = releases.Package(2);
        var (good, release) = (await File.ReadAllBytesAsync(path), BankPackage.ReadRelease(path));
        var said = RefusalDesk.Describe(good);
        using var zip = ZipFile.OpenRead(path);
        Task Refuse(string what, string code, byte[] package, PackageFile? announced = null) => desk.RefuseAsync(what, code, () => desk.PublishAsync(package, release, announced));

        await Refuse("of the right size, with other bytes", "damaged", [.. good.Reverse()], said);
        await Refuse("truncated, announced in full", "damaged", good[..^100], said);
        await Refuse("truncated, announced so", "damaged", good[..^100]);
        foreach (var entry in zip.Entries)
        {
            await Refuse($"'{entry.FullName}' with a bit flipped, announced in full", "damaged", Flip(good, entry), said);
            await Refuse($"'{entry.FullName}' with a bit flipped, announced so", "damaged", Flip(good, entry));
        }

        await Refuse("mix of two versions' files", "damaged", Pack(desk, releases.Unsigned(3), Attached(zip)));
        await Refuse("another version's package", "damaged", await File.ReadAllBytesAsync(releases.Package(3)));
        await Refuse("path traversal: an entry above the folder", "damaged", Pack(desk, releases.Unsigned(2), [.. Attached(zip), ("../../../../../../tmp/structcore-evil", "evil"u8.ToArray())]));
        await Refuse("path traversal: a listed entry elsewhere", "damaged", Pack(desk, releases.Unsigned(2), [.. Attached(zip).Select(a => a.Name == BankPackage.ParityEntry ? ("/tmp/" + a.Name, a.Bytes) : a)]));
        await Refuse("an entry too many", "damaged", Pack(desk, releases.Unsigned(2), [.. Attached(zip), ("run-me.sh", "evil"u8.ToArray())]));
        await Refuse("an entry twice", "damaged", Pack(desk, releases.Unsigned(2), [.. Attached(zip), Attached(zip)[^1]]));
        await Refuse("an entry too few", "damaged", Pack(desk, releases.Unsigned(2), [.. Attached(zip).Where(a => a.Name != BankPackage.ParityEntry)]));
        await Refuse("no release in it", "damaged", await File.ReadAllBytesAsync(releases.Unsigned(2)));
        await Refuse("zip bomb", "damaged", Bomb());
        await Refuse("huge sizes in its directory", "damaged", Claim(good, 0xFFFF_FFF0));
        await Refuse("huge size announced", "too_large", good, said with { Bytes = long.MaxValue });
        await Refuse("larger than its release allows", "too_large", [.. good, .. new byte[1 << 17]]);
        await Refuse("other digest announced", "damaged", good, said with { Sha256 = OtherSha256 });
        Assert.False(File.Exists("/tmp/structcore-evil"));

        desk.Server.Instead = async context =>
        {
            // Without a length, and without an end.
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(new byte[1 << 16], context.RequestAborted);
            }
        };
        await Refuse("endless download", "too_large", good);
        desk.Server.Instead = context =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        };
        await Refuse("not on the server", "not_available", good, said with { Sha256 = OtherSha256 });
        desk.Close();

        // And what should be taken still is.
        desk.Server.Instead = null;
        Assert.True(await desk.Station.GoThroughAsync(new Change("good", releases.Station, First, releases.Decider(path), _ => desk.PublishAsync(path), Changes.Says("done")) { Trust = Trust.Open(releases.FirstTrust()), Files = [] }));
    }

    [Fact]
    public async Task Chunks_MissingOrWrong_AreRefused()
    {
        await using var desk = await OpenAsync(c =>
        {
            c["Updates"]!["BaseUrl"] = null;
            c["Updates"]!["StallSeconds"] = 1;
        });
        var path = releases.Package(2);
        var chunk = $"bank/{Releases.Category}/package/2/1";
        await desk.RefuseAsync("a chunk missing", "not_available", async () =>
        {
            await Changes.SendAsync(desk.Plc, path, except: 1);
        });
        await desk.RefuseAsync("a chunk of another size", "damaged", async () =>
        {
            await desk.Plc.PublishAsync(chunk, new byte[77], retain: true);
            await desk.AskAsync(Releases.Desired(releases.Sign(2, desk.NewFolder())));
        });
        await desk.RefuseAsync("a chunk with other bytes", "damaged", async () =>
        {
            await desk.Plc.PublishAsync(chunk, new byte[1 << 16], retain: true);
            await desk.AskAsync(Releases.Desired(path));
        });
        desk.Close();
    }

    private Task<RefusalDesk> OpenAsync(Action<JsonNode>? change = null) => RefusalDesk.OpenAsync(parts, sheet, releases.Station, First, change);

    private static (string Name, ReadOnlyMemory<byte> Bytes)[] Attached(ZipArchive zip) =>
        [.. new[] { BankPackage.ParityEntry, BankPackage.ReleaseEntry, BankPackage.SignaturesEntry }.Select(n => (n, (ReadOnlyMemory<byte>)Read(zip.GetEntry(n)!)))];

    private static byte[] Pack(RefusalDesk desk, string bank, (string, ReadOnlyMemory<byte>)[] attachments)
    {
        var path = Path.Combine(desk.NewFolder(), "package");
        BankFile.WriteWith(bank, path, attachments);
        return File.ReadAllBytes(path);
    }

    private static byte[] Flip(byte[] package, ZipArchiveEntry entry)
    {
        // Between capital and small letter, so that text stays text and is refused for what it says.
        byte[] flipped = [.. package];
        var middle = package.AsSpan().IndexOf(Read(entry)) + (int)(entry.Length / 2);
        flipped[middle + flipped.AsSpan(middle).IndexOfAny(Letters)] ^= 0x20;
        return flipped;
    }

    // Many times what the release allows, and as a file no larger than it.
    private static byte[] Bomb()
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            zip.Comment = new string('0', BankFile.SealLength);
            foreach (var name in BankPackage.SignedEntries.Append(BankPackage.ReleaseEntry).Append(BankPackage.SignaturesEntry))
            {
                using var entry = zip.CreateEntry(name, CompressionLevel.Optimal).Open();
                for (var i = 0; i < 20; i++)
                {
                    entry.Write(new byte[1 << 20]);
                }
            }
        }

        return file.ToArray();
    }

    // In the directory and before the data alike.
    private static byte[] Claim(byte[] package, uint size)
    {
        byte[] claiming = [.. package];
        foreach (var (header, field) in new[] { ("PK\u0001\u0002", 20), ("PK\u0003\u0004", 18) })
        {
            var at = claiming.AsSpan().IndexOf(Encoding.ASCII.GetBytes(header)) + field;
            BinaryPrimitives.WriteUInt32LittleEndian(claiming.AsSpan(at), size);
            BinaryPrimitives.WriteUInt32LittleEndian(claiming.AsSpan(at + 4), size);
        }

        return claiming;
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        var bytes = new byte[entry.Length];
        using var stream = entry.Open();
        stream.ReadExactly(bytes);
        return bytes;
    }
}
