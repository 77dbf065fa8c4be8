using System.Text;
using System.Text.Json.Nodes;
using StructCore.Vision.Features;

namespace StructCore.Tests.Features;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_OfEveryDtype_WidensExactly()
    {
        var path = new SafetensorsWriter()
            .Add("single", [1.5f, -2f, 1e-30f], 3)
            .Add("half", "F16", [0x00, 0x3E, 0x00, 0xC0], 2, 1)
            .Add("brain", "BF16", [0xC0, 0x3F, 0x00, 0xC0], 2)
            .Add("empty", [], 0, 5)
            .Save(_folder["w"]);

        using var file = SafetensorsFile.Open(path);

        Assert.Equal([1.5f, -2f, 1e-30f], file.Read("single", 3));
        Assert.Equal([1.5f, -2f], file.Read("half", 2, 1));
        Assert.Equal([1.5f, -2f], file.Read("brain", 2));
        Assert.Empty(file.Read("empty", 0, 5));
    }

    [Fact]
    public void Read_OfATensorLongerThanTheBuffer_IsWhole()
    {
        float[] values = [.. Enumerable.Range(0, 200_001).Select(i => (float)i)];
        using var file = SafetensorsFile.Open(new SafetensorsWriter().Add("long", values, values.Length).Save(_folder["w"]));

        Assert.Equal(values, file.Read("long", values.Length));
    }

    [Theory]
    [InlineData("no tensor 'absent'", "absent", 2)]
    [InlineData("tensor 'a' of shape [2], expected [3]", "a", 3)]
    [InlineData("tensor 'integers' as I64", "integers", 1)]
    [InlineData("tensor 'bad' that are not finite", "bad", 1)]
    public void Read_OfATensorThatDoesNotFit_NamesIt(string message, string name, int length)
    {
        var path = new SafetensorsWriter().Add("a", [1, 2], 2).Add("integers", "I64", new byte[8], 1).Add("bad", [float.NaN], 1).Save(_folder["w"]);
        using var file = SafetensorsFile.Open(path);

        Assert.Contains(message, Assert.Throws<InvalidBackboneException>(() => file.Read(name, length)).Message);
    }

    [Theory]
    [InlineData("offsets", "places tensor 'b' at byte 9, expected 8")]
    [InlineData("length", "gives tensor 'b' 4 bytes, but [2] of F32 needs 8")]
    [InlineData("beyond", "inside tensor 'b'")]
    [InlineData("overflow", "tensor 'b'")]
    [InlineData("negative", "tensor 'b'")]
    [InlineData("backwards", "tensor 'b'")]
    [InlineData("short", "its tensors end at 8")]
    [InlineData("no dtype", "tensor 'b'")]
    [InlineData("text", "tensor 'b'")]
    [InlineData("number", "tensor 'b'")]
    public void Open_OfAMalformedHeader_NamesTheTensor(string fault, string message)
    {
        var bytes = new SafetensorsWriter().Add("a", [1, 2], 2).Add("b", [3], 1).ToArray(header =>
        {
            var b = header["b"]!.AsObject();
            switch (fault)
            {
                case "offsets": b["data_offsets"] = new JsonArray(9, 12); break;
                case "length": b["shape"] = new JsonArray(2); break;
                case "beyond": b["data_offsets"] = new JsonArray(8, 16); break;
                case "overflow": b["shape"] = new JsonArray(long.MaxValue, long.MaxValue, long.MaxValue, 3); break;
                case "negative": b["shape"] = new JsonArray(-1, -1); break;
                case "backwards": b["data_offsets"] = new JsonArray(12, 8); break;
                case "short": header.Remove("b"); break;
                case "no dtype": b.Remove("dtype"); break;
                case "text": b["shape"] = "one"; break;
                case "number": header["b"] = 3; break;
            }
        });
        File.WriteAllBytes(_folder["w"], bytes);

        var error = Assert.Throws<InvalidBackboneException>(() => SafetensorsFile.Open(_folder["w"]));

        Assert.Contains(message, error.Message);
        Assert.Contains(_folder["w"], error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("\uffff\uffff\uffff\uffff")]
    [InlineData("\u0004\0\0\0\0\0\0\0[1,]")]
    [InlineData("\u0002\0\0\0\0\0\0\0[]")]
    [InlineData("<!DOCTYPE html><html>not found</html>")]
    public void Open_OfSomethingElse_NamesTheFile(string content)
    {
        File.WriteAllBytes(_folder["w"], Encoding.Latin1.GetBytes(content));

        Assert.Contains(_folder["w"], Assert.Throws<InvalidBackboneException>(() => SafetensorsFile.Open(_folder["w"])).Message);
    }

    [Fact]
    public void Open_OfEveryTruncation_IsRefused()
    {
        var bytes = new SafetensorsWriter().Add("a", [1, 2], 2).Add("b", [3], 1).ToArray();
        for (var length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(_folder["w"], bytes[..length]);
            Assert.Throws<InvalidBackboneException>(() => SafetensorsFile.Open(_folder["w"]));
        }
    }

    [Fact]
    public void Open_OfAMissingFile_NamesIt() =>
        Assert.Contains(_folder["none"], Assert.Throws<InvalidBackboneException>(() => SafetensorsFile.Open(_folder["none"])).Message);
}
