using System.Buffers;
using Microsoft.ML.OnnxRuntime;
using StructCore.Vision.Imaging;

namespace StructCore.Vision.Features;

/// <summary>A frozen backbone in ONNX Runtime: frame to patch features, preprocess to projection.</summary>
/// <remarks>Thread-safe: calls share one session. The input buffer comes from a pool; the features are written by ONNX Runtime into the array that is returned.</remarks>
public sealed class OnnxFeatureExtractor : IFeatureExtractor
{
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly string _path;
    private readonly string[] _input;
    private readonly string[] _output;

    private OnnxFeatureExtractor(string path, BackboneManifest backbone, InferenceSession session)
    {
        (_path, Backbone, _session) = (path, backbone, session);
        (_input, _output) = ([backbone.Input], [backbone.Output]);
    }

    /// <summary>Version of the ONNX Runtime that is loaded.</summary>
    public static string RuntimeVersion => OrtEnv.Instance().GetVersionString();

    /// <summary>What this ONNX Runtime can run on, by its own names, <c>CPUExecutionProvider</c> and so on.</summary>
    public static IReadOnlyList<string> RuntimeProviders => OrtEnv.Instance().GetAvailableProviders();

    /// <inheritdoc/>
    public BackboneManifest Backbone { get; }

    /// <summary>Loads <paramref name="onnxPath"/> as its sidecar describes it.</summary>
    /// <exception cref="InvalidBackboneException">File or sidecar missing, hash or shapes other than the sidecar says, or ONNX Runtime refuses the file.</exception>
    /// <exception cref="ExecutionProviderException">The provider is not part of this ONNX Runtime or does not start.</exception>
    public static OnnxFeatureExtractor Open(string onnxPath, ExtractorOptions? options = null)
    {
        var backbone = BackboneManifestFile.Read(onnxPath);
        VerifyHash(onnxPath, backbone);
        var extractor = new OnnxFeatureExtractor(onnxPath, backbone, OnnxSession.Open(onnxPath, options ?? new ExtractorOptions()));
        try
        {
            extractor.VerifyInterface();
            return extractor;
        }
        catch
        {
            extractor.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public PatchFeatures Extract(RgbImage frame, FrameMode mode, CancellationToken cancellationToken = default)
    {
        var pixels = ArrayPool<float>.Shared.Rent(PixelsPerImage);
        try
        {
            ImagePreprocessor.ToTensor(frame, mode, Backbone.Resize, Backbone.Crop, Backbone.Mean, Backbone.Std, pixels.AsSpan(0, PixelsPerImage));
            return ExtractNormalised(pixels.AsMemory(0, PixelsPerImage), cancellationToken);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(pixels);
        }
    }

    /// <summary>Features of one image that is preprocessed already.</summary>
    /// <param name="pixels">[3, crop, crop], normalised; read only.</param>
    /// <param name="cancellationToken">Gives the run up between two nodes of the graph.</param>
    /// <exception cref="ArgumentException">Not 3·crop·crop values.</exception>
    /// <exception cref="OperationCanceledException">Given up.</exception>
    public PatchFeatures ExtractNormalised(Memory<float> pixels, CancellationToken cancellationToken = default)
    {
        var features = new float[Backbone.Grid * Backbone.Grid * Backbone.Width];
        using var input = InputOf(pixels, 1);
        using var output = OrtValue.CreateTensorValueFromMemory(features, [1, Backbone.Grid * Backbone.Grid, Backbone.Width]);

        // Options of its own: what is set there ends every run that uses them.
        using var run = new RunOptions();
        using var giveUp = cancellationToken.Register(() => run.Terminate = true);
        try
        {
            _session.Run(run, _input, [input], _output, [output]);
        }
        catch (OnnxRuntimeException e) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The inference was given up.", e, cancellationToken);
        }

        return new PatchFeatures(Backbone.Grid, Backbone.Grid, Backbone.Width, features);
    }

    /// <summary>Any output of the graph for a batch that is preprocessed already, such as the class tokens.</summary>
    /// <param name="pixels">[count, 3, crop, crop], normalised; read only.</param>
    /// <param name="count">Images in the batch, 1 or more.</param>
    /// <param name="output">Name of the output.</param>
    /// <returns>The output's values, row-major, first dimension the batch.</returns>
    /// <exception cref="ArgumentException">Not count·3·crop·crop values, or there is no such output.</exception>
    public float[] Run(Memory<float> pixels, int count, string output)
    {
        if (!_session.OutputMetadata.ContainsKey(output))
        {
            throw new ArgumentException($"Backbone '{_path}' has no output '{output}'; it has {string.Join(", ", _session.OutputNames)}.", nameof(output));
        }

        using var input = InputOf(pixels, count);
        using var results = _session.Run(_run, _input, [input], [output]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }

    /// <summary>Frees the session.</summary>
    public void Dispose()
    {
        _run.Dispose();
        _session.Dispose();
    }

    private int PixelsPerImage => RgbImage.Channels * Backbone.Crop * Backbone.Crop;

    private OrtValue InputOf(Memory<float> pixels, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        if (pixels.Length != (long)count * PixelsPerImage)
        {
            throw new ArgumentException($"{count} images for backbone '{Backbone.Name}' need {(long)count * PixelsPerImage} values, [{count}, 3, {Backbone.Crop}, {Backbone.Crop}], got {pixels.Length}.", nameof(pixels));
        }

        return OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, pixels, [count, RgbImage.Channels, Backbone.Crop, Backbone.Crop]);
    }

    internal static void VerifyHash(string path, BackboneManifest backbone)
    {
        var hash = OnnxModelFile.Hash(path);
        if (hash != backbone.Sha256)
        {
            throw new InvalidBackboneException($"Backbone '{path}' has SHA-256 {hash}, its sidecar says {backbone.Sha256}: one of the two was changed or damaged. Import or copy both again.");
        }
    }

    private void VerifyInterface()
    {
        Verify("input", _session.InputMetadata, Backbone.Input, [-1, RgbImage.Channels, Backbone.Crop, Backbone.Crop]);
        Verify("output", _session.OutputMetadata, Backbone.Output, [-1, Backbone.Grid * Backbone.Grid, Backbone.Width]);
    }

    /// <summary>A dimension of -1 is free on either side.</summary>
    private void Verify(string kind, IReadOnlyDictionary<string, NodeMetadata> all, string name, int[] expected)
    {
        if (!all.TryGetValue(name, out var found))
        {
            throw new InvalidBackboneException($"Backbone '{_path}' has no {kind} '{name}' as its sidecar says; it has {string.Join(", ", all.Keys)}. Import it again.");
        }

        var fits = found.ElementType == typeof(float) && found.Dimensions.Length == expected.Length
            && found.Dimensions.Zip(expected).All(d => d.First == d.Second || d.First < 0 || d.Second < 0);
        if (!fits)
        {
            throw new InvalidBackboneException($"Backbone '{_path}': {kind} '{name}' is {found.ElementType.Name} [{string.Join(", ", found.Dimensions)}], its sidecar says Single [{string.Join(", ", expected)}] (-1 is free). Import it again.");
        }
    }
}
