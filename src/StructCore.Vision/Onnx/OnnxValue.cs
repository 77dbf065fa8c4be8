namespace StructCore.Vision.Onnx;

/// <summary>A value of a graph under construction: what a node gives and the next one takes. Each method adds the node of its name.</summary>
internal readonly record struct OnnxValue(GraphBuilder Graph, string Name)
{
    public OnnxValue Add(OnnxValue other) => Graph.Node("Add", [this, other]);

    public OnnxValue Mul(OnnxValue other) => Graph.Node("Mul", [this, other]);

    public OnnxValue Div(OnnxValue other) => Graph.Node("Div", [this, other]);

    public OnnxValue Max(OnnxValue other) => Graph.Node("Max", [this, other]);

    public OnnxValue MatMul(OnnxValue other) => Graph.Node("MatMul", [this, other]);

    public OnnxValue Softmax() => Graph.Node("Softmax", [this], ("axis", -1));

    /// <summary>x·W + b, W [in, out].</summary>
    public OnnxValue Linear(OnnxValue weight, OnnxValue bias) => MatMul(weight).Add(bias);

    /// <summary>Normalises the last axis; needs operator set 17.</summary>
    public OnnxValue LayerNormalization(OnnxValue scale, OnnxValue bias, float epsilon) =>
        Graph.Node("LayerNormalization", [this, scale, bias], ("axis", -1), ("epsilon", epsilon));

    /// <summary>The exact erf form, in the shape that ONNX Runtime recognises and fuses.</summary>
    public OnnxValue Gelu() =>
        Mul(Graph.Node("Erf", [Div(Graph.Scalar(MathF.Sqrt(2)))]).Add(Graph.Scalar(1))).Mul(Graph.Scalar(0.5f));

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
