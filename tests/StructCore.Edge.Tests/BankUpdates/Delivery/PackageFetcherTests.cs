using System.Text.RegularExpressions;
using StructCore.Edge.BankUpdates;
using StructCore.Edge.BankUpdates.Delivery;
using StructCore.Edge.BankUpdates.Files;
using StructCore.Edge.BankUpdates.Packages;

namespace StructCore.Tests.BankUpdates.Delivery;

public sealed class PackageFetcherTests : IDisposable
{
    private static readonly byte[] Content = TestPackage.Content;
    private static readonly PackageRequest Request = TestPackage.Request;
    private static readonly string Part = TestPackage.PartName(Request);

    private readonly FetchFixture _fetch = new();
    private readonly FakeSource _source = new(Content);

    public void Dispose() => _fetch.Dispose();

    [Fact]
    public async Task Fetch_OfAPackage_GivesItsPathAndLeavesNothingElse()
    {
        var there = new List<long>();
        var path = await _fetch.FetchAsync(_source, progress: new Probe(there.Add));

        Assert.Equal(_fetch["cap-v7.scbank"], path);
        Assert.Equal(Content, await File.ReadAllBytesAsync(path));
        Assert.Equal(["cap-v7.scbank"], _fetch.Names);
        Assert.Equal(Content.Length, there[^1]);
    }

    [Fact]
    public async Task Fetch_OfWhatIsThere_AsksNobody()
    {
        _fetch.Put("cap-v7.scbank", Content);

        Assert.Equal(_fetch["cap-v7.scbank"], await _fetch.FetchAsync(_source));
        Assert.Empty(_source.Asked);
    }

    [Fact]
    public async Task Fetch_OfAVersionThatIsThereWithOtherBytes_ReplacesIt()
    {
        _fetch.Put("cap-v7.scbank", TestPackage.Bytes(seed: 2, Content.Length));

        Assert.Equal(Content, await File.ReadAllBytesAsync(await _fetch.FetchAsync(_source)));
    }

    [Fact]
    public async Task Fetch_AfterARestart_TakesThePartUp()
    {
        _fetch.Put(Part, Content.AsSpan(0, 1000));

        Assert.Equal(Content, await File.ReadAllBytesAsync(await _fetch.FetchAsync(_source)));
        Assert.Equal([1000], _source.Asked);
    }

    [Fact]
    public async Task Fetch_WithAPartThatIsWhole_AsksNobody()
    {
        _fetch.Put(Part, Content);

        Assert.Equal(Content, await File.ReadAllBytesAsync(await _fetch.FetchAsync(_source)));
        Assert.Empty(_source.Asked);
    }

    [Fact]
    public async Task Fetch_WithPartsOfOtherPackages_DeletesThoseOfItsCategoryOnly()
    {
        var same = TestPackage.PartName(TestPackage.RequestFor(TestPackage.Bytes(seed: 2, 10)));
        var older = TestPackage.PartName(TestPackage.RequestFor(TestPackage.Bytes(seed: 3, 10), version: 6));
        var other = TestPackage.PartName(TestPackage.RequestFor(TestPackage.Bytes(seed: 4, 10), "cap-v7"));
        foreach (var name in new[] { same, older, older + ".validator", other, "cap-v6.scbank" })
        {
            _fetch.Put(name, [1, 2, 3]);
        }

        await _fetch.FetchAsync(_source);

        Assert.Equal([0], _source.Asked);
        Assert.Equal(new[] { "cap-v6.scbank", other, "cap-v7.scbank" }.Order(StringComparer.Ordinal), _fetch.Names);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1_000_000)]
    public async Task Fetch_WithADamagedPart_BeginsAnewOnce(int damaged)
    {
        _fetch.Put(Part, TestPackage.Bytes(seed: 2, damaged));

        Assert.Equal(Content, await File.ReadAllBytesAsync(await _fetch.FetchAsync(_source)));
        Assert.Equal(0, _source.Asked[^1]);
    }

    [Fact]
    public async Task Fetch_OfOtherBytes_IsRefusedAndDeletesThem()
    {
        var other = new FakeSource(TestPackage.Bytes(seed: 2, Content.Length));

        var refused = await _fetch.RefusedAsync(other);

        Assert.Equal(UpdateRefusal.Damaged, refused.Refusal);
        Assert.StartsWith($"package 'cap-v7.scbank' came with another SHA-256 than {Request.Package.Sha256}", refused.Message, StringComparison.Ordinal);
        Assert.Equal([0, 0], other.Asked);
        Assert.Empty(_fetch.Names);
    }

    [Fact]
    public async Task Fetch_ThatDoesNotEnd_IsRefusedAtTheAnnouncedLength()
    {
        var written = 0L;
        var endless = new FakeSource(part =>
        {
            while (true)
            {
                part.Append(new byte[1000]);
                written = part.Length;
            }
        });

        Assert.Equal(UpdateRefusal.TooLarge, (await _fetch.RefusedAsync(endless)).Refusal);
        Assert.InRange(written, Content.Length - 1000, Content.Length);
        Assert.Empty(_fetch.Names);
    }

    [Theory]
    [InlineData(1_000_001, long.MaxValue, "Updates:MaxPackageMegabytes")]
    [InlineData(1000, 999, "its signed release allows no more")]
    public async Task Fetch_OfTooMuch_IsRefusedBeforeTheFirstByte(long announced, long limit, string why)
    {
        _fetch.Options.MaxPackageMegabytes = 1;

        var refused = await _fetch.RefusedAsync(_source, Request with { Package = Request.Package with { Bytes = announced }, Limit = limit });

        Assert.Equal(UpdateRefusal.TooLarge, refused.Refusal);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.Empty(_source.Asked);
    }

    [Theory]
    [InlineData("../cap", 7, 10, null)]
    [InlineData("cap", 0, 10, null)]
    [InlineData("cap", 7, 0, null)]
    [InlineData("cap", 7, -1, null)]
    [InlineData("cap", 7, 10, "")]
    [InlineData("cap", 7, 10, "../../../../../../../../../../../../../../../../../../../../../a")]
    public async Task Fetch_OfWhatIsNoPackage_IsRefused(string category, int version, long bytes, string? sha256)
    {
        var refused = await _fetch.RefusedAsync(_source, new PackageRequest(category, version, new PackageFile(bytes, sha256 ?? Request.Package.Sha256), 1000));

        Assert.Equal(UpdateRefusal.Malformed, refused.Refusal);
        Assert.Empty(_source.Asked);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1000, true)]
    public async Task Fetch_WithoutRoom_IsRefusedBeforeTheFirstByte(int there, bool fits)
    {
        _fetch.Put(Part, Content.AsSpan(0, there));
        _fetch.MinFreeBytes = 5_000_000;
        _fetch.FreeBytes = 5_000_000 + Content.Length - 1000;

        if (fits)
        {
            await _fetch.FetchAsync(_source);
            return;
        }

        var refused = await _fetch.RefusedAsync(_source);
        Assert.Equal(UpdateRefusal.DiskFull, refused.Refusal);
        Assert.Contains("5 MB must stay free (Store:MinFreeMegabytes)", refused.Message, StringComparison.Ordinal);
        Assert.Empty(_source.Asked);
    }

    [Fact]
    public async Task Fetch_IntoAFolderThatCannotBe_MayBeTriedAgain()
    {
        await File.WriteAllTextAsync(_fetch.Options.Folder, "a file");

        var refused = await _fetch.RefusedAsync(_source);

        Assert.Equal(UpdateRefusal.NotAvailable, refused.Refusal);
        Assert.Contains("Updates:Folder", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fetch_ThatBrokeOff_KeepsWhatCame()
    {
        var broken = new FakeSource(part =>
        {
            part.Append(Content.AsSpan(0, 1000));
            throw new UpdateRefusedException(UpdateRefusal.NotAvailable, "gone");
        });
        Assert.Equal("gone", (await _fetch.RefusedAsync(broken)).Message);

        await _fetch.FetchAsync(_source);

        Assert.Equal([1000], _source.Asked);
    }

    [Fact]
    public async Task Fetch_WhileAnotherIsUnderWay_Waits()
    {
        var (begun, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var slow = new FakeSource(async part =>
        {
            begun.SetResult();
            await go.Task;
            part.Append(Content);
        });
        var fetcher = _fetch.Fetcher();
        var first = fetcher.FetchAsync(Request, slow, null, default);
        await begun.Task;

        var second = fetcher.FetchAsync(Request, _source, null, default);
        Assert.False(second.IsCompleted);
        go.SetResult();

        Assert.Equal(await first, await second);
        Assert.Empty(_source.Asked);
    }

    [Fact]
    public async Task Fetch_OfAPackage_IsOnTheDiskBeforeItHasItsName()
    {
        var files = new Recorder();
        _fetch.Files = files;

        await _fetch.FetchAsync(new FakeSource(part =>
        {
            part.Begin("\"tag\"");
            part.Append(Content);
            return Task.CompletedTask;
        }));

        Assert.EndsWith("append part, sync part, move part, delete validator, sync folder", files.Steps, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fetch_OfALargePackage_IsOnTheDiskNowAndThen()
    {
        var files = new Recorder();
        _fetch.Files = files;
        var large = new byte[9_000_000];

        await _fetch.FetchAsync(
            new FakeSource(part =>
            {
                while (part.Length < large.Length)
                {
                    part.Append(large.AsSpan(0, 100_000));
                }

                return Task.CompletedTask;
            }),
            TestPackage.RequestFor(large));

        Assert.Equal(3, Regex.Count(files.Steps, "sync part"));
    }

    private sealed class Recorder : UpdateFiles
    {
        private readonly List<string> _steps = [];

        public string Steps => string.Join(", ", _steps);

        public override void Append(string path, ReadOnlySpan<byte> bytes)
        {
            Note("append", path);
            base.Append(path, bytes);
        }

        public override void Sync(string path)
        {
            Note("sync", path);
            base.Sync(path);
        }

        public override void SyncFolder(string path)
        {
            _steps.Add("sync folder");
            base.SyncFolder(path);
        }

        public override void Move(string from, string to)
        {
            Note("move", from);
            base.Move(from, to);
        }

        public override void Delete(string path)
        {
            Note("delete", path);
            base.Delete(path);
        }

        private void Note(string what, string path) => _steps.Add($"{what} {Path.GetExtension(path)[1..]}");
    }
}
