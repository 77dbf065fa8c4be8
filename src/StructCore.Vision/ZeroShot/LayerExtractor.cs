using Microsoft.ML.OnnxRuntime;
using StructCore.Vision.Features;
using StructCore.Vision.Imaging;

namespace StructCore.Vision.ZeroShot;

/// <summary>An imported backbone that gives its layers one by one and the class token (SPEC 10): frame to <see cref="LayerTokens"/>.</summary>
/// <remarks>Thread-safe: calls share one session.</remarks>
public sealed class LayerExtractor : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly IReadOnlyList<string> _outputs;

    private LayerExtractor(BackboneManifest backbone, InferenceSession session, IReadOnlyList<string> outputs) =>
        (Backbone, _session, _outputs) = (backbone, session, outputs);

    /// <summary>The backbone, as its sidecar describes it.</summary>
    public BackboneManifest Backbone { get; }

    /// <summary>Derives the graph from the imported one, in float32 whatever precision is asked for.</summary>
    /// <exception cref="InvalidBackboneException">File or sidecar missing, another hash, not written by an importer of this project, or ONNX Runtime refuses the graph.</exception>
    /// <exception cref="ExecutionProviderException">The provider is not part of this ONNX Runtime or does not start.</exception>
    public static LayerExtractor Open(string onnxPath, ExtractorOptions? options = null)
    {
        var backbone = BackboneSession.Describe(onnxPath);
        var model = OnnxModelFile.Read(onnxPath);
        var outputs = LayerGraph.Derive(model, backbone);
        return new LayerExtractor(backbone, OnnxSession.Open(model, options ?? new ExtractorOptions()), outputs);
    }

    /// <summary>Preprocess (SPEC 1) and backbone (SPEC 2, 2b).</summary>
    /// <param name="frame">Any size.</param>
    /// <param name="mode">How the frame becomes the backbone's input.</param>
    public LayerTokens Extract(RgbImage frame, FrameMode mode)
    {
        var side = Backbone.Crop;
        var pixels = new float[RgbImage.Channels * side * side];
        ImagePreprocessor.ToTensor(frame, mode, Backbone.Resize, side, Backbone.Mean, Backbone.Std, pixels);
        return ExtractNormalised(pixels);
    }

    /// <summary>The tokens of one image that is preprocessed already, [3, crop, crop].</summary>
    internal LayerTokens ExtractNormalised(float[] pixels)
    {
        var side = Backbone.Crop;
        using var input = OrtValue.CreateTensorValueFromMemory(pixels, [1, RgbImage.Channels, side, side]);
        using var results = _session.Run(_run, [Backbone.Input], [input], _outputs);
        PatchFeatures[] layers = [.. results.Take(results.Count - 1).Select(Tokens)];
        return new LayerTokens(layers, results[^1].GetTensorDataAsSpan<float>().ToArray());
    }

    /// <summary>Frees the session.</summary>
    public void Dispose()
    {
        _run.Dispose();
        _session.Dispose();
    }

    private PatchFeatures Tokens(OrtValue layer)
    {
        var values = layer.GetTensorDataAsSpan<float>().ToArray();
        return new PatchFeatures(Backbone.Grid, Backbone.Grid, values.Length / (Backbone.Grid * Backbone.Grid), values);
    }
}
