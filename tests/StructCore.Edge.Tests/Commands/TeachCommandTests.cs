using System.Text.Json;
using StructCore.Edge.Commands;
using StructCore.Vision.Fitting;

namespace StructCore.Tests.Commands;

/// <summary><c>teach</c>, <c>taught</c> and <c>unteach</c>.</summary>
[Collection(nameof(FittedProductsCollection))]
public sealed class TeachCommandTests : IDisposable
{
    private readonly FittedProducts _products;
    private readonly TemporaryFolder _banks = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public TeachCommandTests(FittedProducts products)
    {
        _products = products;
        File.Copy(Path.Combine(products.Banks, "disc-v1.scbank"), _banks["disc-v1.scbank"]);
    }

    public void Dispose() => _banks.Dispose();

    [Fact]
    public async Task Teach_ThenTaughtThenUnteach_RestoresWhatWasFitted()
    {
        Assert.Equal(0, await RunAsync("teach", "--category", "disc", "--image", _products.Defective("disc"), _products.Good("disc"), "--by", "shift-2"));
        Assert.Contains("0.png: score ", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("0.png: not taught. Bank 'disc-v1' accepts '0.png' already", _output.ToString(), StringComparison.Ordinal);
        var (fitted, taught) = (Read(1), Read(2));
        var image = Assert.Single(taught.Manifest.Taught!);
        Assert.Equal(("shift-2", "0.png", fitted.Sha256, fitted.Memory.Rows + image.Rows), (image.ConfirmedBy, image.File, taught.Manifest.Origin, taught.Memory.Rows));

        _output.GetStringBuilder().Clear();
        Assert.Equal(0, await RunAsync("taught"));
        Assert.Contains("disc-v2: 1 images taught", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains(image.Sha256[..16], _output.ToString(), StringComparison.Ordinal);

        _output.GetStringBuilder().Clear();
        Assert.Equal(0, await RunAsync("taught", "--json"));
        Assert.Contains("\"method\": \"refilled\"", _output.ToString(), StringComparison.Ordinal);

        Assert.Equal(0, await RunAsync("unteach", "--category", "disc", "--digest", image.Sha256[..10]));
        var restored = Read(3);
        Assert.Equal(JsonSerializer.Serialize(fitted.Manifest.Entries), JsonSerializer.Serialize(restored.Manifest.Entries));
        Assert.Equal(fitted.Calibration, restored.Calibration);
        Assert.Null(restored.Manifest.Taught);
        Assert.Empty(_error.ToString());
    }

    [Fact]
    public async Task Teach_OnlyAcceptedImages_WritesNoVersion()
    {
        Assert.Equal(1, await RunAsync("teach", "--category", "disc", "--image", _products.Good("disc"), "--by", "shift-2"));
        Assert.Equal("structcore: Nothing was taught: 'disc-v1' stays the newest bank of 'disc'.", _error.ToString().Trim());
        Assert.Single(Directory.GetFiles(_banks.Path));
    }

    [Theory]
    [InlineData("teach --by shift-2", 2, "teach takes either --image, files, or --trigger")]
    [InlineData("teach --by shift-2 --image a.png", 2, "teach --image needs the --category")]
    [InlineData("teach --by shift-2 --image a.png --category disc", 1, "Image 'a.png' cannot be read")]
    [InlineData("unteach --category disc", 2, "unteach takes one of --digest, --trigger and --all")]
    [InlineData("unteach --category disc --digest abc", 2, "--digest needs at least 8 characters")]
    [InlineData("unteach --category disc --all", 1, "Nothing of the kind is taught to 'disc-v1', which has 0 taught images.")]
    [InlineData("taught --category ring", 1, "No bank of 'ring'")]
    public async Task Verbs_ThatCannotBe_SayWhy(string arguments, int exitCode, string message)
    {
        Assert.Equal(exitCode, await RunAsync(arguments.Split(' ')));
        Assert.Contains(message, _error.ToString(), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(_banks.Path));
    }

    private ProductBank Read(int version) => BankFile.Read(_banks[$"disc-v{version}.scbank"]);

    private Task<int> RunAsync(params string[] arguments) =>
        CommandLineRunner.RunAsync([.. arguments, "--banks", _banks.Path, .. arguments[0] == "teach" ? new[] { "--models", FittedProducts.Models } : []], _output, _error);
}
