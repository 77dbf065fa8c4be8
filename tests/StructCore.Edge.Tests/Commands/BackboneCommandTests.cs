using StructCore.Edge.Commands;
using StructCore.Tests.Features;
using StructCore.Vision.Features;

namespace StructCore.Tests.Commands;

public sealed class BackboneCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Import_OfWeights_WritesABackboneThatListShows()
    {
        var weights = TinyDinoV2.Create().Save(_folder["model.safetensors"]);

        Assert.Equal(0, await RunAsync("backbone", "import", "--weights", weights, "--out", _folder["dinov2-tiny.onnx"], "--heads", "2"));
        Assert.Contains($"SHA-256 {BackboneManifestFile.Read(_folder["dinov2-tiny.onnx"]).Sha256}", _output.ToString());

        Assert.Equal(0, await RunAsync("backbone", "list", "--models", _folder.Path));
        Assert.Contains("* dinov2-tiny", _output.ToString());
    }

    [Fact]
    public async Task Import_OfDamagedWeights_FailsWithTheReason()
    {
        File.WriteAllText(_folder["model.safetensors"], "damaged");

        Assert.Equal(1, await RunAsync("backbone", "import", "--weights", _folder["model.safetensors"], "--out", _folder["x.onnx"]));
        Assert.Contains("too short for its header", _error.ToString());
        Assert.DoesNotContain("   at ", _error.ToString());
    }

    [Fact]
    public async Task Random_OfASize_WritesABackboneAndItsWeightsWhereTheyAreAskedFor()
    {
        Assert.Equal(0, await RunAsync("backbone", "random", "--size", "tiny", "--out", _folder["random-a.onnx"]));
        Assert.False(File.Exists(_folder["random-a.safetensors"]));
        Assert.Equal(0, await RunAsync("backbone", "random", "--size", "tiny", "--out", _folder["random-b.onnx"], "--weights", _folder["weights.safetensors"]));
        Assert.True(File.Exists(_folder["weights.safetensors"]));
        Assert.Equal(BackboneManifestFile.Read(_folder["random-a.onnx"]).Sha256, BackboneManifestFile.Read(_folder["random-b.onnx"]).Sha256);
    }

    [Fact]
    public async Task Random_UnderANameThatLooksReal_IsWrongUse()
    {
        Assert.Equal(2, await RunAsync("backbone", "random", "--out", _folder["dinov2-base.onnx"]));
        Assert.Contains("expected a file name that begins with 'random-'", _error.ToString());
    }

    [Fact]
    public async Task Resnet_OfTheEmbeddedBackbone_SaysThatTheLayersAreFusedAlready()
    {
        Assert.Equal(1, await RunAsync("backbone", "resnet", "--onnx", SharedFiles.EmbeddedBackbone, "--out", _folder["x.onnx"]));
        Assert.Contains("no output 'layer2'; it has features, cls", _error.ToString());
    }

    [Fact]
    public async Task Resnet_OfARealNetwork_WritesABackbone()
    {
        var network = SharedFiles.RequireShared("models/resnet18-imagenet-l3.onnx");

        Assert.Equal(0, await RunAsync("backbone", "resnet", "--onnx", network, "--out", _folder["resnet18.onnx"]));
        Assert.Contains("384 wide", _output.ToString());
    }

    [Fact]
    public async Task List_WithABrokenSidecar_SaysSoAndFails()
    {
        File.WriteAllText(_folder["broken.onnx"], "");
        File.WriteAllText(_folder["broken.json"], "{");

        Assert.Equal(1, await RunAsync("backbone", "list", "--models", _folder.Path));
        Assert.Contains("broken", _output.ToString());
        Assert.Contains("unusable: Sidecar", _output.ToString());
        Assert.Contains("proc-r10", _output.ToString());
    }

    [Theory]
    [InlineData("import")]
    [InlineData("resnet")]
    [InlineData("fetch")]
    [InlineData("list")]
    public async Task Help_OfEveryVerb_ShowsAnExample(string verb)
    {
        Assert.Equal(0, await RunAsync("backbone", verb, "--help"));
        Assert.Contains($"  structcore backbone {verb}", _output.ToString());
    }

    private Task<int> RunAsync(params string[] arguments) => CommandLineRunner.RunAsync(arguments, _output, _error);
}
