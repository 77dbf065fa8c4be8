using StructCore.Vision.Features;
using StructCore.Vision.Onnx;

namespace StructCore.Vision.Inference;

/// <summary>The graph from features and the prototypes of all categories, side by side, to route(c) of every category (SPEC 5).</summary>
internal static class RoutingGraph
{
    /// <summary>Input, z of a batch, [N, P, D].</summary>
    public const string Features = "features";

    /// <summary>Input, the prototypes of C categories, K rows each, [C·K, D]; categories with fewer repeat one.</summary>
    public const string Prototypes = "prototypes";

    /// <summary>Input, the squared norms of the prototypes, [C·K].</summary>
    public const string Norms = "norms";

    /// <summary>Input, what each prototype counts in its category's cover(c): the inverse of their number, 0 where it is a repeated one, [C, K].</summary>
    public const string Weights = "weights";

    /// <summary>Input, -1, P, C and K: the shape the distances of a batch have.</summary>
    public const string Shape = "shape";

    /// <summary>Output, route(c), [N, C].</summary>
    public const string Routes = "routes";

    /// <summary>Output, cover(c), [N, C].</summary>
    public const string Covers = "covers";

    /// <summary>Output, the sum of all features of an image, [N]: not finite where one of them is not.</summary>
    public const string Sums = "sums";

    public static ModelProto Build(BackboneManifest backbone)
    {
        var (patches, width) = (backbone.Grid * backbone.Grid, backbone.Width);
        var graph = new GraphBuilder("routing");
        var features = graph.Input(Features, "N", patches, width);
        var prototypes = graph.Input(Prototypes, "CK", width);
        var norms = graph.Input(Norms, "CK");
        var weights = graph.Input(Weights, "C", "K");
        var shape = graph.Input(Shape, TensorProto.Types.DataType.Int64, 4);

        // A row of zeros stays zero, so its norm is not taken for 1.
        var rows = features.Reshape(-1, width).L2Normalize();
        var distances = rows.Gemm(prototypes, norms, scale: -2).Add(rows.Square().ReduceSum(-1).Unsqueeze(1));
        var pairs = graph.Node("Reshape", [distances, shape]);
        graph.Output(Routes, Nearest(3).Reduce("ReduceMean", 1), "N", "C");
        graph.Output(Covers, Nearest(1).Mul(weights).ReduceSum(2), "N", "C");
        graph.Output(Sums, features.ReduceSum(1, 2), "N");
        return graph.Model;

        OnnxValue Nearest(long axis) => pairs.Reduce("ReduceMin", axis).Max(graph.Scalar(0));
    }
}
