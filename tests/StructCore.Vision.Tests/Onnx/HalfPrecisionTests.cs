using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using StructCore.Tests.Features;
using StructCore.Tests.Imaging;
using StructCore.Vision.Features;
using StructCore.Vision.Imaging;
using StructCore.Vision.Onnx;
using DataType = StructCore.Vision.Onnx.TensorProto.Types.DataType;

namespace StructCore.Tests.Onnx;

public sealed class HalfPrecisionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Convert_OfTheEmbeddedBackbone_ConvolvesInFloat16AndGivesFeaturesThatAreClose()
    {
        var model = HalfPrecision.Convert(OnnxModelFile.Read(SharedFiles.EmbeddedBackbone));

        var half = Halves(model);
        Assert.All(model.Graph.Node.Where(n => n.OpType == "Conv"), n => Assert.Subset(half, n.Input.ToHashSet()));
        Assert.All(model.Graph.Output, o => Assert.Equal((int)DataType.Float, o.Type.TensorType.ElemType));
        AssertCloseFeatures(SharedFiles.EmbeddedBackbone);
    }

    [Fact]
    public void Convert_OfATransformer_KeepsNormsAndWhatFollowsInFloat32()
    {
        TinyDinoV2.Create().Save(_folder["model.safetensors"]);
        DinoV2Importer.Import(_folder["model.safetensors"], _folder["tiny.onnx"], new DinoV2ImportOptions { Heads = TinyDinoV2.Heads });
        var model = HalfPrecision.Convert(OnnxModelFile.Read(_folder["tiny.onnx"]));

        var half = Halves(model);
        Assert.All(model.Graph.Node.Where(n => n.OpType is "ReduceL2" or "Max"), n => Assert.DoesNotContain(n.Input, half.Contains));
        Assert.DoesNotContain(Assert.Single(model.Graph.Node, n => n.Input.Contains("projection")).Input, half.Contains);
        Assert.All(model.Graph.Node.Where(n => n.OpType is "Softmax" or "LayerNormalization" or "Erf"), n => Assert.Subset(half, n.Input.ToHashSet()));
        AssertCloseFeatures(_folder["tiny.onnx"]);
    }

    [Fact]
    public void Convert_OfValuesWhoseNormOverflowsFloat16_GivesTheirNorm()
    {
        var graph = new GraphBuilder("norm");
        graph.Output("unit", graph.Input("x", 1, 4).Mul(graph.Scalar(2)).L2Normalize(), 1, 4);

        Assert.Equal([0.5f, 0.5f, -0.5f, 0.5f], Run(HalfPrecision.Convert(graph.Model), [20_000, 20_000, -20_000, 20_000]), (a, b) => Math.Abs(a - b) < 1e-3f);
    }

    [Fact]
    public void Convert_OfAConstantBeyondFloat16_LeavesItsNodeAlone()
    {
        var graph = new GraphBuilder("large");
        graph.Output("y", graph.Input("x", 1, 2).Mul(graph.Scalar(1e6f)), 1, 2);

        Assert.Equal([1.5e6f, -3e6f], Run(HalfPrecision.Convert(graph.Model), [1.5f, -3]));
    }

    [Fact]
    public void Convert_OfShapesAndIndices_LeavesThemIntegers()
    {
        var graph = new GraphBuilder("indices");
        var x = graph.Input("x", 1, 4);
        var length = graph.Node("Shape", [x]).Concat(axis: 0, graph.Shape(1));
        graph.Output("y", graph.Node("Expand", [x.Gather(graph.Shape(3, 0), axis: 1).Unsqueeze(2), graph.Shape(1, 2, 1)]).Add(graph.Node("Cast", [length.Slice(0, 1, 2)], ("to", 1))), 1, 2, 1);

        Assert.Equal([8f, 5f], Run(HalfPrecision.Convert(graph.Model), [1, 2, 3, 4]));
    }

    [Fact]
    public void Convert_ToEmulate_RoundsWhatFloat16Rounds()
    {
        var graph = new GraphBuilder("sum");
        graph.Output("y", graph.Input("x", 1, 2).Add(graph.Scalar(1)).Add(graph.Scalar(-2047)), 1, 2);

        // Between 1024 and 2048 the steps of float16 are 1, above that 2; ONNX Runtime itself would not round in between.
        Assert.Equal([1f, 1f], Run(HalfPrecision.Convert(graph.Model, emulate: true), [2047, 2046.6f]));
    }

    [Fact]
    public void Convert_OfKernels_KeepsTheirSums()
    {
        var whole = OnnxModelFile.Read(SharedFiles.EmbeddedBackbone).Graph.Initializer.Where(i => i.Dims.Count == 4).ToArray();
        var half = HalfPrecision.Convert(OnnxModelFile.Read(SharedFiles.EmbeddedBackbone)).Graph.Initializer.ToDictionary(i => i.Name);

        foreach (var kernel in whole)
        {
            var taps = (int)(kernel.Dims[2] * kernel.Dims[3]);
            var (want, got) = (MemoryMarshal.Cast<byte, float>(kernel.RawData.Span).ToArray(), MemoryMarshal.Cast<byte, Half>(half[$"{kernel.Name}/fp16"].RawData.Span).ToArray());
            for (var first = 0; first < want.Length; first += taps)
            {
                // What the last tap is rounded by is all that is left.
                Assert.Equal(want.AsSpan(first, taps).ToArray().Sum(v => (double)v), got.AsSpan(first, taps).ToArray().Sum(v => (double)v), Math.Abs((double)got[first + taps - 1] / 2048) + 3e-8);
            }
        }
    }

    private static HashSet<string> Halves(ModelProto model) =>
    [
        .. model.Graph.Initializer.Where(i => i.DataType == (int)DataType.Float16).Select(i => i.Name),
        .. model.Graph.Node.Where(n => n.OpType == "Cast" && n.Attribute[0].I == (int)DataType.Float16).SelectMany(n => n.Output),
        .. Inferred(model),
    ];

    // What a node gives has the type of its first input, casts aside.
    private static HashSet<string> Inferred(ModelProto model)
    {
        var half = new HashSet<string>();
        foreach (var node in model.Graph.Node)
        {
            var first = node.Input.FirstOrDefault() ?? "";
            if (node.OpType == "Cast" ? node.Attribute[0].I == (int)DataType.Float16 : half.Contains(first) || first.EndsWith("/fp16", StringComparison.Ordinal))
            {
                half.UnionWith(node.Output);
            }
        }

        return half;
    }

    private static void AssertCloseFeatures(string onnx)
    {
        using var whole = OnnxFeatureExtractor.Open(onnx, new ExtractorOptions { Threads = 1 });
        using var half = OnnxFeatureExtractor.Open(onnx, new ExtractorOptions { Threads = 1, Precision = Precision.Fp16 });
        using var want = whole.Extract(RandomImage.Of(250, 300), FrameMode.FullFrame);
        using var got = half.Extract(RandomImage.Of(250, 300), FrameMode.FullFrame);
        Assert.InRange(TensorPrimitives.Distance(want.Values, got.Values) / TensorPrimitives.Norm(want.Values), 1e-7, 3e-3);
    }

    private static float[] Run(ModelProto model, float[] x)
    {
        using var session = OnnxSession.Open(model, new ExtractorOptions { Threads = 1 });
        using var run = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(x, [1, x.Length]);
        using var results = session.Run(run, ["x"], [input], [model.Graph.Output[0].Name]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
