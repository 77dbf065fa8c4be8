using StructCore.Vision.Features;

namespace StructCore.Tests.Features;

public sealed class BackboneFoldersTests : IDisposable
{
    private readonly TemporaryFolder _first = new();
    private readonly TemporaryFolder _second = new();

    private BackboneFolders Folders => new([_first["absent"], _first.Path, _second.Path]);

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    [Theory]
    [InlineData("dinov2-large", "dinov2-large", "proc-r10", "resnet18")]
    [InlineData("dinov2-base", "dinov2-small", "dinov2-base", "a")]
    [InlineData("resnet18", "proc-r10", "resnet18")]
    [InlineData("proc-r10", "proc-r10")]
    [InlineData("proc-r10", "proc-r10", "random-vit-b14")]
    public void Find_WithoutAName_TakesTheBest(string expected, params string[] there)
    {
        foreach (var name in there)
        {
            Add(_second, name);
        }

        Assert.Equal(_second[expected + ".onnx"], Folders.Find());
    }

    [Fact]
    public void Find_OfANameInTwoFolders_TakesTheFirst()
    {
        Add(_first, "net");
        Add(_second, "net");

        Assert.Equal(_first["net.onnx"], Folders.Find("net"));
        Assert.Equal([_first["net.onnx"]], Folders.List());
    }

    [Fact]
    public void Find_OfAPath_TakesIt()
    {
        Add(_second, "net");

        Assert.Equal(_second["net.onnx"], new BackboneFolders([]).Find(_second["net.onnx"]));
    }

    [Fact]
    public void Find_OfANameThatIsNotThere_ListsWhatIs()
    {
        Add(_first, "net");

        var message = Assert.Throws<InvalidBackboneException>(() => Folders.Find("other")).Message;

        Assert.Contains("'other'", message);
        Assert.Contains("there: net", message);
        Assert.Contains(_second.Path, message);
    }

    [Fact]
    public void List_OfANetworkWithoutSidecar_LeavesItOut()
    {
        File.WriteAllText(_first["raw.onnx"], "");

        Assert.Empty(Folders.List());
        Assert.Contains("there: none", Assert.Throws<InvalidBackboneException>(() => Folders.Find()).Message);
    }

    private static void Add(TemporaryFolder folder, string name)
    {
        File.WriteAllText(folder[name + ".onnx"], "");
        File.WriteAllText(folder[name + ".json"], "");
    }
}
