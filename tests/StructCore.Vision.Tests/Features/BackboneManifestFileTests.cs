using System.Text.Json.Nodes;
using StructCore.Vision.Features;

namespace StructCore.Tests.Features;

public sealed class BackboneManifestFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Onnx => _folder["tiny.onnx"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_AndRead_GiveTheSame()
    {
        var written = Sound();
        Write(written);

        Assert.Equivalent(written, BackboneManifestFile.Read(Onnx), strict: true);
        Assert.Equal([_folder["tiny.json"], Onnx], Directory.GetFiles(_folder.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Write_OfAbsentValues_LeavesThemOut()
    {
        Write(Sound() with { ProjectionSeed = null, ClassOutput = null });

        var keys = JsonNode.Parse(File.ReadAllText(_folder["tiny.json"]))!.AsObject().Select(p => p.Key).ToArray();
        Assert.DoesNotContain("projection_seed", keys);
        Assert.Equal("format", keys[0]);
        Assert.Null(BackboneManifestFile.Read(Onnx).ProjectionSeed);
    }

    [Theory]
    [InlineData("format", "2", "has format 2; this version reads 1")]
    [InlineData("format", null, "has format none")]
    [InlineData("name", "\"other\"", "'name' is 'other', expected 'tiny'")]
    [InlineData("crop", "0", "'crop' is 0")]
    [InlineData("resize", "100", "'resize' is 100, expected crop (392)")]
    [InlineData("mean", "[0.5]", "'mean'")]
    [InlineData("std", "[0.5, 0, 0.5]", "'std'")]
    [InlineData("grid", "-28", "'grid' is -28")]
    [InlineData("width", "null", "tiny.json")]
    [InlineData("width", null, "width")]
    [InlineData("width", "70000", "'width' is 70000")]
    [InlineData("sha256", "\"ABC\"", "'sha256' is 'ABC'")]
    [InlineData("layers", "null", "tiny.json")]
    [InlineData("colour", "\"blue\"", "colour")]
    public void Read_OfAChangedValue_SaysWhich(string key, string? value, string message)
    {
        Write(Sound());
        var json = JsonNode.Parse(File.ReadAllText(_folder["tiny.json"]))!.AsObject();
        json.Remove(key);
        if (value is not null)
        {
            json[key] = JsonNode.Parse(value);
        }

        File.WriteAllText(_folder["tiny.json"], json.ToJsonString());

        AssertRefused(message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{ \"format\": \"one\" }")]
    public void Read_OfSomethingElse_NamesTheFile(string content)
    {
        Write(Sound());
        File.WriteAllText(_folder["tiny.json"], content);

        AssertRefused(_folder["tiny.json"]);
    }

    [Fact]
    public void Read_WithoutSidecar_SaysHowToGetOne()
    {
        File.WriteAllText(Onnx, "");

        AssertRefused("has no sidecar");
    }

    [Fact]
    public void Read_WithoutTheOnnxFile_SaysSo() => AssertRefused("does not exist");

    private void Write(BackboneManifest manifest)
    {
        File.WriteAllText(Onnx, "");
        BackboneManifestFile.Write(Onnx, manifest);
    }

    private void AssertRefused(string message) =>
        Assert.Contains(message, Assert.Throws<InvalidBackboneException>(() => BackboneManifestFile.Read(Onnx)).Message);

    private static BackboneManifest Sound() => new()
    {
        Name = "tiny",
        Family = "dinov2",
        Resize = 448,
        Crop = 392,
        Mean = [0.485f, 0.456f, 0.406f],
        Std = [0.229f, 0.224f, 0.225f],
        ClassOutput = "cls",
        Layers = ["-1", "-3"],
        Fuse = "normalise-concatenate-project",
        ProjectionSeed = ulong.MaxValue,
        Grid = 28,
        Width = 512,
        Sha256 = new string('a', 64),
        Source = "https://host/model.safetensors",
        SourceSha256 = new string('b', 64),
    };
}
