using Microsoft.ML.OnnxRuntime;
using StructCore.Vision.Imaging;

namespace StructCore.Vision.Features;

/// <summary>Opens a backbone after checking that file and sidecar are of one piece.</summary>
internal static class BackboneSession
{
    /// <summary>Loads <paramref name="path"/> as its sidecar describes it.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="options">What runs it and how.</param>
    /// <param name="largestBatch">Images of the largest batch, for which an engine is built at once; null where batches are not known beforehand.</param>
    /// <param name="captureGraphs">Whether CUDA graphs are captured.</param>
    /// <exception cref="InvalidBackboneException">File or sidecar missing, hash or shapes other than the sidecar says, or ONNX Runtime refuses the file.</exception>
    /// <exception cref="ExecutionProviderException">The provider is not part of this ONNX Runtime or does not start.</exception>
    public static (BackboneManifest Backbone, InferenceSession Session) Open(string path, ExtractorOptions options, int? largestBatch = null, bool captureGraphs = false)
    {
        var backbone = Describe(path);
        (string, string)? shapes = largestBatch is { } largest ? (Shape(1), Shape(largest)) : null;
        var session = OnnxSession.Open(path, options, shapes, captureGraphs);
        try
        {
            Verify(path, "input", session.InputMetadata, backbone.Input, [-1, RgbImage.Channels, backbone.Crop, backbone.Crop]);
            Verify(path, "output", session.OutputMetadata, backbone.Output, [-1, backbone.Grid * backbone.Grid, backbone.Width]);
            return (backbone, session);
        }
        catch
        {
            session.Dispose();
            throw;
        }

        string Shape(int batch) => $"{backbone.Input}:{batch}x{RgbImage.Channels}x{backbone.Crop}x{backbone.Crop}";
    }

    /// <summary>The sidecar of <paramref name="path"/>, once it is known to be that of the very file.</summary>
    /// <exception cref="InvalidBackboneException">File or sidecar missing, or another hash than the sidecar says.</exception>
    public static BackboneManifest Describe(string path)
    {
        var backbone = BackboneManifestFile.Read(path);
        var hash = OnnxModelFile.Hash(path);
        return hash == backbone.Sha256
            ? backbone
            : throw new InvalidBackboneException($"Backbone '{path}' has SHA-256 {hash}, its sidecar says {backbone.Sha256}: one of the two was changed or damaged. Import or copy both again.");
    }

    /// <summary>A dimension of -1 is free on either side.</summary>
    private static void Verify(string path, string kind, IReadOnlyDictionary<string, NodeMetadata> all, string name, int[] expected)
    {
        if (!all.TryGetValue(name, out var found))
        {
            throw new InvalidBackboneException($"Backbone '{path}' has no {kind} '{name}' as its sidecar says; it has {string.Join(", ", all.Keys)}. Import it again.");
        }

        var fits = found.ElementType == typeof(float) && found.Dimensions.Length == expected.Length
            && found.Dimensions.Zip(expected).All(d => d.First == d.Second || d.First < 0 || d.Second < 0);
        if (!fits)
        {
            throw new InvalidBackboneException($"Backbone '{path}': {kind} '{name}' is {found.ElementType.Name} [{string.Join(", ", found.Dimensions)}], its sidecar says Single [{string.Join(", ", expected)}] (-1 is free). Import it again.");
        }
    }
}
