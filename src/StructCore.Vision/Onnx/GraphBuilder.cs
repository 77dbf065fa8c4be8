using System.Runtime.InteropServices;
using Google.Protobuf;

namespace StructCore.Vision.Onnx;

/// <summary>
/// Writes an ONNX graph, or adds to one: inputs, constants, nodes, outputs, each named as it is made.
/// Nodes stand in the order of the calls, which is topological because a value exists only after its node.
/// </summary>
internal sealed class GraphBuilder
{
    /// <summary>LayerNormalization came with 17; from 18 on the reductions take their axes differently.</summary>
    public const int OperatorSet = 17;

    private const int IrVersion = 8;

    private readonly ModelProto _model;
    private readonly HashSet<string> _names;
    private readonly Dictionary<string, OnnxValue> _shared = [];

    /// <summary>An empty graph.</summary>
    public GraphBuilder(string name)
        : this(new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = "structcore",
            Graph = new GraphProto { Name = name },
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = OperatorSet } },
        })
    {
    }

    /// <summary>Adds to <paramref name="model"/>, in place; new names avoid those it has.</summary>
    public GraphBuilder(ModelProto model)
    {
        _model = model;
        _names = [.. Graph.Initializer.Select(i => i.Name), .. Graph.Input.Select(i => i.Name), .. Graph.Node.SelectMany(n => n.Output), .. Graph.Node.Select(n => n.Name)];
    }

    private GraphProto Graph => _model.Graph;

    public ModelProto Model => _model;

    /// <summary>An optional input that is left out before one that is given.</summary>
    public OnnxValue None => new(this, "");

    /// <summary>A value the model has already.</summary>
    public OnnxValue Existing(string name) => new(this, name);

    /// <summary>A float input; a dimension is a number, or a name where it is free.</summary>
    public OnnxValue Input(string name, params object[] dimensions) => Input(name, TensorProto.Types.DataType.Float, dimensions);

    /// <summary>An input of any type; a dimension is a number, or a name where it is free.</summary>
    public OnnxValue Input(string name, TensorProto.Types.DataType type, params object[] dimensions)
    {
        Graph.Input.Add(TensorOf(type, name, dimensions));
        return new OnnxValue(this, Unique(name));
    }

    /// <summary>Makes <paramref name="value"/> a float output with this name, or one like it where the name is taken.</summary>
    /// <returns>The output's name.</returns>
    public string Output(string name, OnnxValue value, params object[] dimensions)
    {
        name = Unique(name);
        Graph.Node.Add(new NodeProto { OpType = "Identity", Name = Unique($"{name}/output"), Input = { value.Name }, Output = { name } });
        Graph.Output.Add(TensorOf(TensorProto.Types.DataType.Float, name, dimensions));
        return name;
    }

    /// <summary>A constant that refers to <paramref name="values"/> without copying: do not change them before the model is written.</summary>
    public OnnxValue Constant(string name, float[] values, params long[] dimensions)
    {
        var bytes = UnsafeByteOperations.UnsafeWrap(new FloatBytes(values).Memory);
        return Initializer(name, TensorProto.Types.DataType.Float, bytes, dimensions);
    }

    /// <summary>One float, shared by all that ask for the same.</summary>
    public OnnxValue Scalar(float value) => Shared($"scalar/{value:R}", TensorProto.Types.DataType.Float, [value], []);

    /// <summary>A few floats, shared by all that ask for the same.</summary>
    public OnnxValue Floats(params float[] values) => Shared($"floats/{string.Join('x', values)}", TensorProto.Types.DataType.Float, values, [values.Length]);

    /// <summary>One dimension list, shared by all that ask for the same.</summary>
    public OnnxValue Shape(params long[] values) => Shared($"shape/{string.Join('x', values)}", TensorProto.Types.DataType.Int64, values, [values.Length]);

    /// <summary>One integer without dimensions, such as the index a Gather takes.</summary>
    public OnnxValue Index(long value) => Shared($"index/{value}", TensorProto.Types.DataType.Int64, [value], []);

    /// <summary>A node with one output; attributes are int, long, float, string or long[].</summary>
    public OnnxValue Node(string operation, OnnxValue[] inputs, params (string Name, object Value)[] attributes) =>
        Node(operation, inputs, 1, attributes)[0];

    /// <summary>A node with several outputs.</summary>
    public OnnxValue[] Node(string operation, OnnxValue[] inputs, int outputs, params (string Name, object Value)[] attributes)
    {
        var name = Unique(operation);
        var node = new NodeProto { OpType = operation, Name = name };
        node.Input.AddRange(inputs.Select(i => i.Name));
        node.Output.AddRange(Enumerable.Range(0, outputs).Select(o => Unique($"{name}:{o}")));
        node.Attribute.AddRange(attributes.Select(a => Attribute(a.Name, a.Value)));
        Graph.Node.Add(node);
        return [.. node.Output.Select(o => new OnnxValue(this, o))];
    }

    private OnnxValue Shared<T>(string name, TensorProto.Types.DataType type, T[] values, long[] dimensions)
        where T : unmanaged
    {
        if (!_shared.TryGetValue(name, out var value))
        {
            value = Initializer(name, type, ByteString.CopyFrom(MemoryMarshal.AsBytes<T>(values)), dimensions);
            _shared.Add(name, value);
        }

        return value;
    }

    private OnnxValue Initializer(string name, TensorProto.Types.DataType type, ByteString bytes, long[] dimensions)
    {
        var tensor = new TensorProto { Name = Unique(name), DataType = (int)type, RawData = bytes };
        tensor.Dims.AddRange(dimensions);
        Graph.Initializer.Add(tensor);
        return new OnnxValue(this, tensor.Name);
    }

    private string Unique(string wish)
    {
        var name = wish;
        for (var i = 2; !_names.Add(name); i++)
        {
            name = $"{wish}.{i}";
        }

        return name;
    }

    private static ValueInfoProto TensorOf(TensorProto.Types.DataType type, string name, object[] dimensions)
    {
        var shape = new TensorShapeProto();
        shape.Dim.AddRange(dimensions.Select(d => d is string free
            ? new TensorShapeProto.Types.Dimension { DimParam = free }
            : new TensorShapeProto.Types.Dimension { DimValue = Convert.ToInt64(d, null) }));
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape } } };
    }

    private static AttributeProto Attribute(string name, object value)
    {
        var attribute = new AttributeProto { Name = name };
        switch (value)
        {
            case int or long:
                (attribute.Type, attribute.I) = (AttributeProto.Types.AttributeType.Int, Convert.ToInt64(value, null));
                break;
            case float f:
                (attribute.Type, attribute.F) = (AttributeProto.Types.AttributeType.Float, f);
                break;
            case string s:
                (attribute.Type, attribute.S) = (AttributeProto.Types.AttributeType.String, ByteString.CopyFromUtf8(s));
                break;
            case long[] integers:
                attribute.Type = AttributeProto.Types.AttributeType.Ints;
                attribute.Ints.AddRange(integers);
                break;
            default:
                throw new ArgumentException($"Attribute '{name}' is a {value.GetType().Name}; the builder writes int, long, float, string and long[].", nameof(value));
        }

        return attribute;
    }
}
