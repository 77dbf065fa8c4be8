namespace StructCore.Vision.Onnx;

/// <summary>A value of a graph under construction: what a node gives and the next one takes. Each method adds the node of its name.</summary>
internal readonly record struct OnnxValue(GraphBuilder Graph, string Name)
{
    public OnnxValue Add(OnnxValue other) => Graph.Node("Add", [this, other]);

    public OnnxValue Sub(OnnxValue other) => Graph.Node("Sub", [this, other]);

    public OnnxValue Mul(OnnxValue other) => Graph.Node("Mul", [this, other]);

    public OnnxValue Div(OnnxValue other) => Graph.Node("Div", [this, other]);

    public OnnxValue Max(OnnxValue other) => Graph.Node("Max", [this, other]);

    public OnnxValue MatMul(OnnxValue other) => Graph.Node("MatMul", [this, other]);

    /// <summary>scale·x·Wᵀ + b, x [rows, in], W [out, in], b [out].</summary>
    public OnnxValue Gemm(OnnxValue weight, OnnxValue bias, float scale) => Graph.Node("Gemm", [this, weight, bias], ("alpha", scale), ("transB", 1));

    public OnnxValue Softmax() => Graph.Node("Softmax", [this], ("axis", -1));

    /// <summary>x·W + b, W [in, out].</summary>
    public OnnxValue Linear(OnnxValue weight, OnnxValue bias) => MatMul(weight).Add(bias);

    /// <summary>Normalises the last axis; needs operator set 17.</summary>
    public OnnxValue LayerNormalization(OnnxValue scale, OnnxValue bias, float epsilon) =>
        Graph.Node("LayerNormalization", [this, scale, bias], ("axis", -1), ("epsilon", epsilon));

    /// <summary>The exact erf form, in the shape that ONNX Runtime recognises and fuses.</summary>
    public OnnxValue Gelu() =>
        Mul(Graph.Node("Erf", [Div(Graph.Scalar(MathF.Sqrt(2)))]).Add(Graph.Scalar(1))).Mul(Graph.Scalar(0.5f));

    public OnnxValue Square() => Mul(this);

    public OnnxValue Abs() => Graph.Node("Abs", [this]);

    public OnnxValue Sqrt() => Graph.Node("Sqrt", [this]);

    /// <summary>Sums over <paramref name="axes"/>, which disappear.</summary>
    public OnnxValue ReduceSum(params long[] axes) => Graph.Node("ReduceSum", [this, Graph.Shape(axes)], ("keepdims", 0));

    /// <summary>Mean, maximum or minimum over one axis; up to operator set 17.</summary>
    public OnnxValue Reduce(string operation, long axis, bool keep = false) => Graph.Node(operation, [this], ("axes", new long[] { axis }), ("keepdims", keep ? 1 : 0));

    /// <summary>The <paramref name="count"/> largest or smallest along the last axis, in no particular order, and where they were.</summary>
    public (OnnxValue Values, OnnxValue Indices) Top(OnnxValue count, bool largest)
    {
        var found = Graph.Node("TopK", [this, count], outputs: 2, ("axis", -1), ("largest", largest ? 1 : 0), ("sorted", 0));
        return (found[0], found[1]);
    }

    public OnnxValue Gather(OnnxValue indices, int axis = 0) => Graph.Node("Gather", [this, indices], ("axis", axis));

    /// <summary>Element by element along <paramref name="axis"/>: indices have as many dimensions as this.</summary>
    public OnnxValue GatherElements(OnnxValue indices, int axis) => Graph.Node("GatherElements", [this, indices], ("axis", axis));

    public OnnxValue AsFloat() => Graph.Node("Cast", [this], ("to", (int)TensorProto.Types.DataType.Float));

    /// <summary>Divides each vector along the last axis by max(its L2 norm, 1e-12); up to operator set 17.</summary>
    public OnnxValue L2Normalize() =>
        Div(Graph.Node("ReduceL2", [this], ("axes", new long[] { -1 }), ("keepdims", 1)).Max(Graph.Scalar(1e-12f)));

    public OnnxValue Conv(OnnxValue weight, OnnxValue bias, int kernel, int stride) =>
        Graph.Node("Conv", [this, weight, bias], ("kernel_shape", new long[] { kernel, kernel }), ("strides", new long[] { stride, stride }));

    /// <summary>Mean over 3x3 neighbours of [N, C, H, W], stride 1, zero padded, the divisor always 9.</summary>
    public OnnxValue Mean3x3() => Graph.Node("AveragePool", [this], ("kernel_shape", new long[] { 3, 3 }), ("pads", new long[] { 1, 1, 1, 1 }), ("count_include_pad", 1));

    /// <summary>[N, C, H, W] to [N, C, 2H, 2W], bilinear, corners not aligned.</summary>
    public OnnxValue UpsampleTwice() =>
        Graph.Node("Resize", [this, Graph.None, Graph.Floats(1, 1, 2, 2)], ("mode", "linear"), ("coordinate_transformation_mode", "half_pixel"));

    public OnnxValue Transpose(params long[] permutation) => Graph.Node("Transpose", [this], ("perm", permutation));

    /// <summary>0 keeps the dimension, -1 takes what is left.</summary>
    public OnnxValue Reshape(params long[] shape) => Graph.Node("Reshape", [this, Graph.Shape(shape)]);

    public OnnxValue Unsqueeze(long axis) => Graph.Node("Unsqueeze", [this, Graph.Shape(axis)]);

    /// <summary>Elements <paramref name="start"/> up to <paramref name="end"/>, exclusive, of one axis.</summary>
    public OnnxValue Slice(long axis, long start, long end) => Graph.Node("Slice", [this, Graph.Shape(start), Graph.Shape(end), Graph.Shape(axis)]);

    public OnnxValue Concat(long axis, params OnnxValue[] others) => Graph.Node("Concat", [this, .. others], ("axis", axis));
}
