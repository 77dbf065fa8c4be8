using Google.Protobuf;
using StructCore.Vision.Features;
using StructCore.Vision.Onnx;

namespace StructCore.Tests.Features;

public sealed class OnnxModelFileTests
{
    [Fact]
    public void Read_AndWrite_OfAnothersModel_KeepsEveryByte()
    {
        var path = SharedFiles.RequireShared("models/resnet18-imagenet-l3.onnx");
        using var folder = new TemporaryFolder();

        var hash = OnnxModelFile.Write(OnnxModelFile.Read(path), folder["copy.onnx"]);

        Assert.Equal(OnnxModelFile.Hash(path), hash);
        Assert.Equal(hash, OnnxModelFile.Hash(folder["copy.onnx"]));
    }

    [Fact]
    public void Parse_OfFieldsThatAreNotDescribed_KeepsThem()
    {
        // Field 999 of a model, field 998 of its graph; both a varint of one byte.
        byte[] graph = [0x12, 1, (byte)'g', 0xB0, 0x3E, 7];
        byte[] model = [0x08, 8, 0x3A, (byte)graph.Length, .. graph, 0xB8, 0x3E, 9];

        Assert.Equal(model, ModelProto.Parser.ParseFrom(model).ToByteArray());
    }

    [Fact]
    public void Write_OfMoreThanAFileHolds_IsRefusedBeforehand()
    {
        // One array, counted many times: nothing of that size is ever there.
        var graph = new GraphBuilder("large");
        var values = new float[1 << 26];
        for (var i = 0; i < 8; i++)
        {
            graph.Constant("weight", values, values.Length);
        }

        using var folder = new TemporaryFolder();
        var error = Assert.Throws<InvalidBackboneException>(() => OnnxModelFile.Write(graph.Model, folder["large.onnx"]));

        Assert.Contains("2,147,483,648 bytes of weights", error.Message);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }
}
