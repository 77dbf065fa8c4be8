using StructCore.Vision.Features;
using StructCore.Vision.Imaging;
using StructCore.Vision.Onnx;

namespace StructCore.Vision.Inference;

/// <summary>The graph from 8-bit crops to the backbone's input, the same arithmetic as <see cref="ImagePreprocessor.Normalise"/>: bytes cross the bus, not floats.</summary>
internal static class PixelGraph
{
    /// <summary>Input, 8 bit, [N, crop, crop, 3].</summary>
    public const string Crops = "crops";

    /// <summary>Output, [N, 3, crop, crop].</summary>
    public const string Pixels = "pixels";

    public static ModelProto Build(BackboneManifest backbone)
    {
        var graph = new GraphBuilder("pixels");
        var levels = graph.Input(Crops, TensorProto.Types.DataType.Uint8, "N", backbone.Crop, backbone.Crop, RgbImage.Channels);
        var normalised = levels.AsFloat().Div(graph.Scalar(byte.MaxValue)).Sub(graph.Floats([.. backbone.Mean])).Div(graph.Floats([.. backbone.Std]));
        graph.Output(Pixels, normalised.Transpose(0, 3, 1, 2), "N", RgbImage.Channels, backbone.Crop, backbone.Crop);
        return graph.Model;
    }
}
