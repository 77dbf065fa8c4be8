using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Google.Protobuf;
using static StructCore.Vision.Onnx.TensorProto.Types;

namespace StructCore.Vision.Onnx;

/// <summary>
/// Turns a float32 graph into one that computes in float16 where that is safe, with float32 inputs and outputs. Safe are products, activations
/// and what only moves values; layer norm and softmax sum in float32 inside, whatever their types (ONNX's stash_type). The first operator that is
/// not known to be safe, such as a norm, stays float32 with all that follows from it, until a convolution takes float16 again.
/// </summary>
internal sealed class HalfPrecision
{
    /// <summary>Grows with every change of what is converted, so that files of older versions are made anew.</summary>
    public const string Version = "1";

    private const float Largest = 65504;

    /// <summary>A kernel is [out, in, height, width].</summary>
    private const int KernelDimensions = 4;

    private static readonly HashSet<string> Safe =
    [
        "Conv", "MatMul", "Gemm", "Relu", "Add", "Mul", "Div", "Erf", "Gelu", "MaxPool", "LayerNormalization", "Softmax",
        "Concat", "Transpose", "Reshape", "Flatten", "Slice", "Split", "Gather", "Expand", "Squeeze", "Unsqueeze",
    ];

    /// <summary>Of these only the first input holds values, the others say where.</summary>
    private static readonly HashSet<string> Movers = ["Reshape", "Slice", "Split", "Gather", "Expand", "Squeeze", "Unsqueeze", "Transpose", "Flatten"];

    private readonly GraphProto _graph;
    private readonly Dictionary<string, Kind> _kinds = [];
    private readonly Dictionary<string, TensorProto> _constants;
    private readonly HashSet<string> _kept;
    private readonly Dictionary<string, string> _casts = [];
    private readonly List<NodeProto> _nodes = [];

    private readonly bool _emulate;

    private HalfPrecision(GraphProto graph, bool emulate)
    {
        (_graph, _emulate) = (graph, emulate);
        _constants = graph.Initializer.ToDictionary(i => i.Name);

        // What the graph gives, or what the body of a branch or loop reads, keeps its type.
        _kept = [.. graph.Output.Select(o => o.Name), .. graph.Node.SelectMany(n => GraphPruner.References(n).Except(n.Input))];
        foreach (var input in graph.Input)
        {
            _kinds[input.Name] = KindOf(input.Type.TensorType?.ElemType ?? 0);
        }

        foreach (var constant in graph.Initializer)
        {
            _kinds[constant.Name] = KindOf(constant.DataType);
        }
    }

    private enum Kind
    {
        /// <summary>No float: shapes and indices.</summary>
        Other,

        /// <summary>float32 that may be had as float16: an input or a constant.</summary>
        Either,

        /// <summary>float16.</summary>
        Half,

        /// <summary>float32 that stays so.</summary>
        Single,
    }

    /// <summary>Converts <paramref name="model"/> in place.</summary>
    /// <param name="model">A float32 model.</param>
    /// <param name="emulate">
    /// Keep float32 values and round them wherever float16 ones would be: for the processor, which has no such operators. ONNX Runtime would
    /// compute these in float32 and, between two of them, leave the rounding out.
    /// </param>
    /// <returns>The same model.</returns>
    public static ModelProto Convert(ModelProto model, bool emulate = false)
    {
        new HalfPrecision(model.Graph, emulate).Run();
        return model;
    }

    private void Run()
    {
        foreach (var node in _graph.Node)
        {
            Convert(node);
        }

        _graph.Node.Clear();
        _graph.Node.AddRange(_nodes);
        _graph.ValueInfo.Clear();
        GraphPruner.Prune(_graph);
    }

    private void Convert(NodeProto node)
    {
        // These take any type, and say themselves what they give.
        if (node.OpType is "Shape" or "Size")
        {
            Give(node, Kind.Other);
        }
        else if (node.OpType is "Cast")
        {
            Give(node, KindOf((int)node.Attribute.First(a => a.Name == "to").I));
        }
        else if (node.OpType is "Constant" or "ConstantOfShape")
        {
            Give(node, KindOf(node.Attribute.FirstOrDefault(a => a.Name == "value")?.T?.DataType ?? (int)DataType.Float));
        }
        else
        {
            int[] values = [.. ValueInputs(node)];
            if (values.Length == 0)
            {
                Give(node, Kind.Other);
                return;
            }

            var half = Safe.Contains(node.OpType) && !node.Output.Any(_kept.Contains)
                && (node.OpType == "Conv" || values.All(i => _kinds[node.Input[i]] != Kind.Single))
                && values.All(i => !_constants.TryGetValue(node.Input[i], out var constant) || Fits(constant));
            foreach (var i in values)
            {
                node.Input[i] = half ? AsHalf(node.Input[i]) : AsSingle(node.Input[i]);
            }

            Give(node, half ? Kind.Half : Kind.Single);
            if (half && _emulate)
            {
                Round(node);
            }
        }
    }

    /// <summary>Puts a rounding between what a node gives and who takes it.</summary>
    private void Round(NodeProto node)
    {
        for (var o = 0; o < node.Output.Count; o++)
        {
            var name = node.Output[o];
            node.Output[o] = $"{name}/exact";
            AddRounding(node.Output[o], name);
        }
    }

    private void Give(NodeProto node, Kind kind)
    {
        foreach (var output in node.Output)
        {
            _kinds[output] = kind;
        }

        _nodes.Add(node);
    }

    private IEnumerable<int> ValueInputs(NodeProto node) =>
        Enumerable.Range(0, Movers.Contains(node.OpType) ? 1 : node.Input.Count).Where(i => _kinds.GetValueOrDefault(node.Input[i]) != Kind.Other);

    private string AsHalf(string name) => _kinds[name] == Kind.Half ? name : Once($"{name}/fp16", cast =>
    {
        if (_constants.TryGetValue(name, out var constant))
        {
            _graph.Initializer.Add(Rounded(constant, cast));
        }
        else if (_emulate)
        {
            AddRounding(name, cast);
        }
        else
        {
            AddCast(name, cast, DataType.Float16);
        }
    });

    private string AsSingle(string name) => _kinds[name] != Kind.Half || _emulate ? name : Once($"{name}/fp32", cast => AddCast(name, cast, DataType.Float));

    private string Once(string cast, Action<string> make)
    {
        if (_casts.TryAdd(cast, cast))
        {
            make(cast);
        }

        return cast;
    }

    private void AddRounding(string from, string to)
    {
        AddCast(from, $"{to}/half", DataType.Float16);
        AddCast($"{to}/half", to, DataType.Float);
    }

    private void AddCast(string from, string to, DataType type) => _nodes.Add(new NodeProto
    {
        OpType = "Cast",
        Name = to,
        Input = { from },
        Output = { to },
        Attribute = { new AttributeProto { Name = "to", Type = AttributeProto.Types.AttributeType.Int, I = (int)type } },
    });

    private static bool Fits(TensorProto constant) => constant.DataType != (int)DataType.Float || Values(constant) is not { Length: > 0 } values || TensorPrimitives.MaxMagnitude(values) is <= Largest and >= -Largest;

    private TensorProto Rounded(TensorProto constant, string name)
    {
        var values = Values(constant);
        var rounded = new Half[values.Length];
        var taps = constant.Dims.Count == KernelDimensions ? (int)(constant.Dims[2] * constant.Dims[3]) : 1;
        for (var first = 0; first < values.Length; first += taps)
        {
            RoundTogether(values.Slice(first, taps), rounded.AsSpan(first, taps));
        }

        var half = new TensorProto { Name = name, DataType = (int)(_emulate ? DataType.Float : DataType.Float16), RawData = ByteString.CopyFrom(_emulate ? MemoryMarshal.AsBytes<float>(Array.ConvertAll(rounded, h => (float)h)) : MemoryMarshal.AsBytes<Half>(rounded)) };
        half.Dims.AddRange(constant.Dims);
        return half;
    }

    /// <summary>Rounds so that the sum stays: the pixels under a kernel look alike, and what one tap is too large by, the next one takes back.</summary>
    private static void RoundTogether(ReadOnlySpan<float> taps, Span<Half> rounded)
    {
        var carried = 0d;
        for (var t = 0; t < taps.Length; t++)
        {
            var wanted = taps[t] + carried;
            rounded[t] = (Half)wanted;
            carried = wanted - (double)rounded[t];
        }
    }

    private static ReadOnlySpan<float> Values(TensorProto constant) =>
        constant.RawData.IsEmpty ? constant.FloatData.ToArray() : MemoryMarshal.Cast<byte, float>(constant.RawData.Span);

    private static Kind KindOf(int type) => type == (int)DataType.Float ? Kind.Either : Kind.Other;
}
