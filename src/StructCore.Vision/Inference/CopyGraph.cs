using StructCore.Vision.Features;
using StructCore.Vision.Onnx;

namespace StructCore.Vision.Inference;

/// <summary>The graph that hands the features of one image of a batch out, for those who ask for them.</summary>
internal static class CopyGraph
{
    /// <summary>Input, z of a batch, [N, P, D].</summary>
    public const string Features = "features";

    /// <summary>Input, which of the N, 64-bit, [M].</summary>
    public const string Images = "images";

    /// <summary>Output, z of those, [M, P, D].</summary>
    public const string Copy = "copy";

    public static ModelProto Build(BackboneManifest backbone)
    {
        var graph = new GraphBuilder("copy");
        var (patches, width) = (backbone.Grid * backbone.Grid, backbone.Width);
        var features = graph.Input(Features, "N", patches, width);
        graph.Output(Copy, features.Gather(graph.Input(Images, TensorProto.Types.DataType.Int64, "M")), "M", patches, width);
        return graph.Model;
    }
}
