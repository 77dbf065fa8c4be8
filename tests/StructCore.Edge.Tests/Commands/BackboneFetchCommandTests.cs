using System.Security.Cryptography;
using System.Text;
using StructCore.Edge.Commands;
using StructCore.Tests.Features;
using StructCore.Vision.Features;

namespace StructCore.Tests.Commands;

public sealed class BackboneFetchCommandTests : IDisposable
{
    private const string Weights = "/tiny/resolve/main/model.safetensors";
    private const string Configuration = "/tiny/resolve/main/config.json";

    private readonly TemporaryFolder _folder = new();
    private readonly WeightsServer _server = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly byte[] _content = TinyDinoV2.Create().ToArray();

    public BackboneFetchCommandTests()
    {
        _server.Files[Weights] = _content;
        _server.Files[Configuration] = Encoding.UTF8.GetBytes($$"""{ "num_attention_heads": {{TinyDinoV2.Heads}} }""");
    }

    private string Target => _folder["tiny.onnx"];

    private string Hash => Convert.ToHexStringLower(SHA256.HashData(_content));

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Fetch_OfWeights_ImportsThemAndRecordsTheirHash()
    {
        Assert.Equal(0, await FetchAsync("--sha256", Hash.ToUpperInvariant()));

        var manifest = BackboneManifestFile.Read(Target);
        Assert.Equal((Hash, _server.Address(Weights).ToString()), (manifest.SourceSha256, manifest.Source));
        Assert.Contains($"SHA-256 of the weights: {Hash}", _output.ToString());
        Assert.Equal(["tiny.json", "tiny.onnx"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Fetch_OfASignedAddress_KeepsTheSignatureOutOfTheSidecar()
    {
        _server.Files[Weights + "?signature=secret"] = _content;

        Assert.Equal(0, await RunAsync("backbone", "fetch", _server.Address(Weights) + "?signature=secret", "--out", Target));

        Assert.Equal(_server.Address(Weights).ToString(), BackboneManifestFile.Read(Target).Source);
    }

    [Fact]
    public async Task Fetch_ThatBrokeOff_GoesOnWhereItStopped()
    {
        _server.BreakAfter = 1000;
        Assert.Equal(1, await FetchAsync());
        Assert.Contains($"broke off after 1,000 of {_content.Length:N0} bytes", _error.ToString());
        Assert.False(File.Exists(Target));

        Assert.Equal(0, await FetchAsync("--sha256", Hash));

        Assert.Single(_server.Requests, r => r.Contains("Range: bytes=1000-"));
    }

    [Theory]
    [InlineData("\"two\"")]
    [InlineData(null)]
    [InlineData("W/\"weak\"")]
    public async Task Fetch_OfAFileThatMayHaveChanged_BeginsAnew(string? entityTag)
    {
        _server.Files[Weights] = [.. Enumerable.Repeat((byte)'x', _content.Length)];
        _server.EntityTag = entityTag == "\"two\"" ? "\"one\"" : entityTag;
        _server.BreakAfter = 1000;
        Assert.Equal(1, await FetchAsync());

        _server.Files[Weights] = _content;
        _server.EntityTag = entityTag;

        Assert.Equal(0, await FetchAsync("--sha256", Hash));
    }

    [Fact]
    public async Task Fetch_AfterAnImportThatFailed_DownloadsNothingAgain()
    {
        _server.Files.Remove(Configuration);
        Assert.Equal(1, await FetchAsync());
        Assert.Contains("give --heads", _error.ToString());

        Assert.Equal(0, await FetchAsync("--heads", "2"));

        Assert.Single(_server.Requests, r => r.Contains($"Range: bytes={_content.Length}-"));
    }

    [Fact]
    public async Task Fetch_OfAnotherHash_IsRefusedAndRemovesTheDownload()
    {
        Assert.Equal(1, await FetchAsync("--sha256", new string('0', 64)));

        Assert.Contains($"have SHA-256 {Hash}, expected 000", _error.ToString());
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "*.part", SearchOption.AllDirectories));
        Assert.False(File.Exists(Target));
    }

    [Fact]
    public async Task Fetch_OfAMissingFile_SaysSo()
    {
        _server.Files.Remove(Weights);

        Assert.Equal(1, await FetchAsync());
        Assert.Contains("does not exist (404)", _error.ToString());
    }

    [Fact]
    public async Task Fetch_OfAFileCutShort_IsRefused()
    {
        _server.TellsLength = false;
        _server.BreakAfter = _content.Length - 10;

        Assert.Equal(1, await FetchAsync());

        Assert.Contains("inside tensor", _error.ToString());
        Assert.False(File.Exists(Target));
    }

    [Fact]
    public async Task Fetch_ThroughARedirect_FollowsItWithTheRange()
    {
        _server.Redirects["/short"] = Weights;
        _server.BreakAfter = 1000;
        Assert.Equal(1, await RunAsync("backbone", "fetch", _server.Address("/short").ToString(), "--out", Target));
        Assert.Equal(0, await RunAsync("backbone", "fetch", _server.Address("/short").ToString(), "--out", Target, "--heads", "2"));

        Assert.Single(_server.Requests, r => r.StartsWith($"GET {Weights} ", StringComparison.Ordinal) && r.Contains("Range: bytes=1000-"));
    }

    [Fact]
    public async Task Fetch_RedirectedToPlainHttpElsewhere_IsRefused()
    {
        _server.Redirects[Weights] = "http://192.0.2.1/model.safetensors";

        Assert.Equal(1, await FetchAsync());
        Assert.Contains("'http://192.0.2.1/model.safetensors' is not https", _error.ToString());
    }

    [Theory]
    [InlineData("--sha256 is 'abc'", "dinov2-base", "--sha256", "abc")]
    [InlineData("'dinov2-tiny' is not a model", "dinov2-tiny")]
    [InlineData("is not a model", "http://192.0.2.1/model.safetensors", "--out", "x.onnx")]
    [InlineData("needs --out", "https://192.0.2.1/model.safetensors")]
    [InlineData("expected a file name that ends in .onnx", "dinov2-base", "--out", "x")]
    public async Task Fetch_UsedWrongly_SaysWhatIsExpected(string message, params string[] arguments)
    {
        Assert.Equal(2, await RunAsync(["backbone", "fetch", .. arguments]));
        Assert.Contains(message, _error.ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Download_OfMoreThanIsTaken_IsRefused(bool tellsLength)
    {
        _server.TellsLength = tellsLength;
        using var download = new WeightsDownload(largestBytes: 100, TimeSpan.FromMinutes(1));

        var error = await Assert.ThrowsAsync<CommandFailedException>(() => download.TryFetchAsync(_server.Address(Weights), _folder["part"], null, default));

        Assert.Contains("at most 100 are taken", error.Message);
    }

    [Fact]
    public async Task Download_FromAServerThatFallsSilent_EndsByItself()
    {
        _server.Stalls = true;
        using var download = new WeightsDownload(largestBytes: long.MaxValue, TimeSpan.FromMilliseconds(200));

        var error = await Assert.ThrowsAsync<CommandFailedException>(() => download.TryFetchAsync(_server.Address(Weights), _folder["part"], null, default));

        Assert.Contains("sent nothing for", error.Message);
    }

    private Task<int> FetchAsync(params string[] options) => RunAsync(["backbone", "fetch", _server.Address(Weights).ToString(), "--out", Target, .. options]);

    private Task<int> RunAsync(params string[] arguments) => CommandLineRunner.RunAsync(arguments, _output, _error);
}
