using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using StructCore.Edge.BankUpdates;
using StructCore.Edge.BankUpdates.Delivery;
using StructCore.Tests.Fakes;

namespace StructCore.Tests.BankUpdates.Delivery;

public sealed class HttpPackageSourceTests : IAsyncLifetime
{
    private const int Some = 100_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly byte[] Content = TestPackage.Content;
    private static readonly string Part = TestPackage.PartName(TestPackage.Request);

    private readonly TemporaryFolder _folder = new();
    private readonly FetchFixture _fetch = new();
    private readonly TestCertificates _certificates;
    private readonly FakeTimeProvider _time = new();
    private PackageServer _server = null!;

    public HttpPackageSourceTests()
    {
        _certificates = TestCertificates.Create(_folder["certificates"], []);
        _fetch.Options.CaFile = _certificates.CaFile;
    }

    private HttpPackageSource Source => new(_fetch.Options, _time);

    public async ValueTask InitializeAsync()
    {
        _server = await PackageServer.StartAsync(_certificates);
        _fetch.Options.BaseUrl = _server.Address + "/banks/";
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _fetch.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Fetch_FromTheServer_AsksForTheVersionInItsCategory()
    {
        Assert.Equal(Content, await File.ReadAllBytesAsync(await _fetch.FetchAsync(Source)));

        Assert.Equal(("/banks/cap/cap-v7.scbank", null, null, null), Assert.Single(_server.Requests));
        Assert.Equal(["cap-v7.scbank"], _fetch.Names);
    }

    [Fact]
    public async Task Fetch_ThatBrokeOff_GoesOnWhereItStopped()
    {
        await BreakOffAsync();
        Assert.Equal(Some, new FileInfo(_fetch[Part]).Length);

        Assert.Equal(Content, await File.ReadAllBytesAsync(await _fetch.FetchAsync(Source)));

        Assert.Equal(("bytes=100000-", "\"one\""), (_server.Requests.Last().Range, _server.Requests.Last().IfRange));
        Assert.Equal(["cap-v7.scbank"], _fetch.Names);
    }

    [Fact]
    public async Task Fetch_OfAFileThatChangedMeanwhile_BeginsAnew()
    {
        _server.Content = TestPackage.Bytes(seed: 2, Content.Length);
        await BreakOffAsync();
        (_server.Content, _server.EntityTag) = (Content, "\"two\"");

        Assert.Equal(Content, await File.ReadAllBytesAsync(await _fetch.FetchAsync(Source)));

        Assert.Equal(2, _server.Requests.Count);
        Assert.Equal("\"one\"", _server.Requests.Last().IfRange);
    }

    [Fact]
    public async Task Fetch_FromAServerWithoutRanges_BeginsAnew()
    {
        await BreakOffAsync();
        _server.Next = context => context.Response.Body.WriteAsync(Content).AsTask();

        Assert.Equal(Content, await File.ReadAllBytesAsync(await _fetch.FetchAsync(Source)));
        Assert.Equal(2, _server.Requests.Count);
    }

    [Fact]
    public async Task Fetch_WithMoreThanTheServerHas_BeginsAnew()
    {
        // Unconditionally: nothing is known about the server's file, so it is asked for the rest and has none.
        _fetch.Put(Part, Content.AsSpan(0, Some));
        _server.Next = context =>
        {
            context.Response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            context.Response.Headers.ContentRange = "bytes */500";
            return Task.CompletedTask;
        };

        Assert.Equal(Content, await File.ReadAllBytesAsync(await _fetch.FetchAsync(Source)));
        Assert.Null(_server.Requests.Last().Range);
    }

    [Theory]
    [InlineData(1, "too_large")]
    [InlineData(-1, "damaged")]
    public async Task Fetch_OfAFileOfAnotherLength_IsRefusedBeforeItsFirstByte(int more, string expected)
    {
        var there = 0L;
        _server.Content = TestPackage.Bytes(seed: 1, Content.Length + more);

        var refused = await _fetch.RefusedAsync(Source, progress: new Probe(n => there = n));

        Assert.Equal(expected, UpdateRefusedException.Code(refused.Refusal));
        Assert.Contains($"has {Content.Length + more} bytes, {Content.Length} were announced", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, there);
        Assert.Empty(_fetch.Names);
    }

    [Fact]
    public async Task Fetch_OfOtherBytes_IsRefusedAfterASecondTry()
    {
        _server.Content = TestPackage.Bytes(seed: 2, Content.Length);

        Assert.Equal(UpdateRefusal.Damaged, (await _fetch.RefusedAsync(Source)).Refusal);
        Assert.Equal(2, _server.Requests.Count);
        Assert.Empty(_fetch.Names);
    }

    [Fact]
    public async Task Fetch_OfABodyWithoutEnd_IsRefusedAtTheAnnouncedLength()
    {
        _server.Next = async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(new byte[10_000], context.RequestAborted);
            }
        };

        Assert.Equal(UpdateRefusal.TooLarge, (await _fetch.RefusedAsync(Source)).Refusal);
        Assert.Empty(_fetch.Names);
    }

    [Fact]
    public async Task Fetch_OfABodyOfUnknownLengthThatEndsEarly_MayGoOn()
    {
        _server.Next = context => context.Response.Body.WriteAsync(Content.AsMemory(0, Some)).AsTask();
        var refused = await _fetch.RefusedAsync(Source);

        Assert.Equal(UpdateRefusal.NotAvailable, refused.Refusal);
        Assert.Contains($"ended after {Some} of {Content.Length} bytes", refused.Message, StringComparison.Ordinal);
        Assert.Equal(Content, await File.ReadAllBytesAsync(await _fetch.FetchAsync(Source)));
    }

    [Fact]
    public async Task Fetch_FromAServerThatFallsSilent_EndsAndKeepsWhatCame()
    {
        var never = new TaskCompletionSource();
        _server.BreakOff(Some, never.Task);
        var silent = new TaskCompletionSource();
        var fetching = _fetch.RefusedAsync(Source, progress: new Probe(there =>
        {
            if (there == Some)
            {
                _time.WaitBegunAsync(TimeSpan.FromSeconds(_fetch.Options.StallSeconds)).ContinueWith(_ => silent.SetResult(), TaskScheduler.Default);
            }
        }));
        await silent.Task.WaitAsync(Patience);
        _time.Advance(TimeSpan.FromSeconds(_fetch.Options.StallSeconds));

        var refused = await fetching.WaitAsync(Patience);
        never.SetResult();

        Assert.Equal(UpdateRefusal.NotAvailable, refused.Refusal);
        Assert.Contains("sent nothing for 30 s", refused.Message, StringComparison.Ordinal);
        Assert.Equal(Some, new FileInfo(_fetch[Part]).Length);
    }

    [Theory]
    [InlineData("http://192.0.2.1/cap-v7.scbank?secret=1")]
    [InlineData("http://127.0.0.1:1/cap-v7.scbank?secret=1")]
    public async Task Fetch_RedirectedToPlainHttp_IsRefused(string elsewhere)
    {
        _server.Next = Redirect(elsewhere);

        var refused = await _fetch.RefusedAsync(Source);

        Assert.Equal(UpdateRefusal.NotAvailable, refused.Refusal);
        Assert.StartsWith($"'{elsewhere.Split('?')[0]}' is not https", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fetch_RedirectedToAnotherServer_FollowsWithoutTheToken()
    {
        Token("secret");
        await using var other = await PackageServer.StartAsync(_certificates);
        _server.Next = Redirect(other.Address + "/store/1");

        await _fetch.FetchAsync(Source);

        Assert.Equal("Bearer secret", Assert.Single(_server.Requests).Authorization);
        Assert.Equal(("/store/1", null, null, null), Assert.Single(other.Requests));
    }

    [Fact]
    public async Task Fetch_WithAToken_ShowsTheOneThatIsThereNow()
    {
        Token("first");
        _server.Next = Status(StatusCodes.Status401Unauthorized);
        var refused = await _fetch.RefusedAsync(Source);
        Token("second");
        await _fetch.FetchAsync(Source);

        Assert.Equal(UpdateRefusal.NotAvailable, refused.Refusal);
        Assert.Contains("answered 401 (Unauthorized). Check Updates:TokenFile", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["Bearer first", "Bearer second"], _server.Requests.Select(r => r.Authorization));
    }

    [Theory]
    [InlineData(404, "bank publish --web")]
    [InlineData(500, "Check the server")]
    [InlineData(503, "Check the server")]
    public async Task Fetch_OfWhatTheServerDoesNotGive_MayBeTriedAgain(int status, string remedy)
    {
        _server.Next = Status(status);

        var refused = await _fetch.RefusedAsync(Source);

        Assert.Equal(UpdateRefusal.NotAvailable, refused.Refusal);
        Assert.Contains($"answered {status}", refused.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, refused.Message, StringComparison.Ordinal);
        await _fetch.FetchAsync(Source);
    }

    [Fact]
    public async Task Fetch_FromAServerNobodyVouchesFor_IsRefused()
    {
        _fetch.Options.CaFile = _certificates.StrangerCaFile;

        var refused = await _fetch.RefusedAsync(Source);

        Assert.Equal(UpdateRefusal.NotAvailable, refused.Refusal);
        Assert.Contains("certificate", refused.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Updates:CaFile", refused.Message, StringComparison.Ordinal);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task Fetch_WithTheAuthoritiesOfTheSystem_IsRefusedToo()
    {
        _fetch.Options.CaFile = null;

        Assert.Equal(UpdateRefusal.NotAvailable, (await _fetch.RefusedAsync(Source)).Refusal);
    }

    [Fact]
    public async Task Fetch_WithACaFileThatIsNone_NamesTheSetting()
    {
        _fetch.Options.CaFile = _folder["gone.pem"];

        Assert.Contains("Updates:CaFile", (await _fetch.RefusedAsync(Source)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fetch_FromNobody_MayBeTriedAgain()
    {
        _fetch.Options.BaseUrl = $"https://127.0.0.1:{LoopbackPort.Free()}";

        var refused = await _fetch.RefusedAsync(Source);

        Assert.Equal(UpdateRefusal.NotAvailable, refused.Refusal);
        Assert.Contains("cannot be had: Connection refused", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fetch_OfACompressedAnswer_IsRefused()
    {
        _server.Next = async context =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            await using var gzip = new GZipStream(context.Response.Body, CompressionLevel.Fastest);
            await gzip.WriteAsync(Content);
        };

        Assert.Contains("comes as gzip, which was not asked for", (await _fetch.RefusedAsync(Source)).Message, StringComparison.Ordinal);
    }

    private static Func<HttpContext, Task> Redirect(string elsewhere) => context =>
    {
        context.Response.Redirect(elsewhere);
        return Task.CompletedTask;
    };

    private static Func<HttpContext, Task> Status(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    private void Token(string token)
    {
        _fetch.Options.TokenFile = _folder["token"];
        File.WriteAllText(_fetch.Options.TokenFile, token + "\n");
    }

    private async Task BreakOffAsync()
    {
        var received = new TaskCompletionSource();
        _server.BreakOff(Some, received.Task);
        var refused = await _fetch.RefusedAsync(Source, progress: new Probe(there =>
        {
            if (there == Some)
            {
                received.SetResult();
            }
        }));
        Assert.Equal(UpdateRefusal.NotAvailable, refused.Refusal);
        Assert.Contains($"broke off after {Some:N0} of {Content.Length:N0} bytes", refused.Message, StringComparison.Ordinal);
    }
}
